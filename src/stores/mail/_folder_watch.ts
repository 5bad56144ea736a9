/**
 * Notices changes of Maildir folders, also by other programs.
 *
 * @module
 */

import { granularityOf, timesOf } from "./_maildir_scan.ts";

/** Time between two looks at the folders, in milliseconds: changes by other programs are seen so late at most. */
const POLL_MS = 250;

/** All watched folders; one timer serves all. */
const watches = new Set<FolderWatch>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Those who wait for changes of one folder. */
export class FolderWatch {
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #times = "";
  /** When a change shows for certain that was made after the last one seen, in milliseconds since 1970. */
  #settlesAt = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Waits for changes. */
  add(listener: () => void): Disposable {
    const own = () => listener();
    this.#listeners.add(own);
    if (this.#listeners.size === 1) {
      this.#times = this.#look();
      watches.add(this);
      timer ??= setInterval(lookAtAll, POLL_MS);
    }
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(own);
        if (this.#listeners.size === 0) watches.delete(this);
        if (watches.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      },
    };
  }

  /** Looks again after some milliseconds, whatever the times say then: a change may have been missed. */
  lookAgain(afterMs: number): void {
    this.#settlesAt = Math.max(this.#settlesAt, Date.now() + afterMs + this.#granularity);
  }

  /** Calls all listeners. */
  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Looks for changes by others. */
  poll(): void {
    const times = this.#look();
    const hasSettled = this.#settlesAt > 0 && Date.now() > this.#settlesAt;
    if (times === this.#times && !hasSettled) return;
    if (times !== this.#times) {
      this.#times = times;
      // Another change may come so soon that the times stay the same.
      this.#settlesAt = Date.now() + 2 * POLL_MS + this.#granularity;
    } else this.#settlesAt = 0;
    this.tell();
  }

  #granularity = 0;

  #look(): string {
    try {
      const times = timesOf(this.#path);
      this.#granularity = granularityOf(times);
      return times.join();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "gone";
      throw error;
    }
  }
}

function lookAtAll(): void {
  for (const watch of watches) watch.poll();
}
