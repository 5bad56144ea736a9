/**
 * Turns of one server: how many requests at once, how long between two, and when it asked to be left alone.
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import type { Judgement } from "../sources/outcome.ts";

/** The pace of requests to one server. */
export interface Pace {
  /** Maximum number of requests at once. */
  readonly perHost: number;
  /** Minimum time between the beginnings of two requests, in milliseconds. */
  readonly delayMs: number;
}

/** Failures to connect, one after the other, after which a service counts as gone. */
const MAX_FAILURES = 5;

/** The turns of one server. */
export class HostTurns {
  #pace: Pace;
  #running = 0;
  #nextAt = 0;
  #pausedUntil = 0;
  /** Failures to connect, by origin: another port may be open. */
  readonly #failures = new Map<string, number>();
  readonly #gone = new Map<string, Judgement>();
  readonly #waiting: (() => void)[] = [];

  /**
   * @param pace The pace.
   */
  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Requests that run. */
  get running(): number {
    return this.#running;
  }

  /** Slows down: the server's own wish counts if it is longer. */
  slowTo(delayMs: number): void {
    if (delayMs <= this.#pace.delayMs) return;
    this.#nextAt += delayMs - this.#pace.delayMs;
    this.#pace = { perHost: 1, delayMs };
  }

  /**
   * Says when the next request may begin.
   * @param now The time.
   * @returns The time; infinite while the maximum number runs.
   */
  readyAt(now: number): number {
    if (this.#running >= this.#pace.perHost) return Infinity;
    return Math.max(now, this.#nextAt, this.#pausedUntil);
  }

  /** Takes a place among the requests that run at once; {@link end} gives it back. */
  begin(): void {
    this.#running++;
  }

  /** Takes a place as soon as one is free. */
  async enter(): Promise<void> {
    while (this.#running >= this.#pace.perHost) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
    this.#running++;
  }

  /** Gives a place back. */
  end(): void {
    this.#running--;
    this.#waiting.shift()?.();
  }

  /**
   * Waits until the next request may be sent.
   * @param signal Aborting it ends the wait.
   * @throws The signal's reason.
   */
  async turn(signal: AbortSignal): Promise<void> {
    while (true) {
      const now = Date.now();
      const at = Math.max(now, this.#nextAt, this.#pausedUntil);
      this.#nextAt = at + this.#pace.delayMs;
      if (at > now) await delay(at - now, signal);
      // Another response may have asked for a pause in the meantime.
      if (this.#pausedUntil > Date.now()) continue;
      // The delay counts from when the request is sent.
      this.#nextAt = Math.max(this.#nextAt, Date.now() + this.#pace.delayMs);
      return;
    }
  }

  /** The server asked to be left alone for a while. */
  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  /** Why no more requests are made to an origin; undefined while some are. */
  goneOf(origin: string): Judgement | undefined {
    return this.#gone.get(origin);
  }

  /** No more requests are to be made to an origin. */
  giveUp(origin: string, why: Judgement): void {
    this.#gone.set(origin, why);
  }

  /** The origin answered. */
  reached(origin: string): void {
    this.#failures.delete(origin);
  }

  /**
   * No connection could be made.
   * @param origin Where to.
   * @param why Why.
   * @param isFinal Whether no attempt can help: there is no such name.
   */
  missed(origin: string, why: Judgement, isFinal: boolean): void {
    const failures = (this.#failures.get(origin) ?? 0) + 1;
    this.#failures.set(origin, failures);
    if (failures >= MAX_FAILURES || isFinal) this.giveUp(origin, why);
  }
}
