/**
 * Waits for many descriptors at once by the system's own `poll`, in one thread of the pool.
 *
 * @module
 */

import { UnsupportedError } from "../net/mod.ts";
import {
  POLL_ENTRY_BYTES as ENTRY_BYTES,
  pollBeside,
  pollHere,
  receive,
  send,
  socketErrno,
  socketPair,
} from "./socket_calls.ts";
import { systemCallError } from "./system_call_error.ts";

/** What to wait for, as bits of `poll`; errors are always told. */
export const POLL = { in: 1, priority: 2, out: 4, error: 8, hangUp: 16 } as const;

interface Wait {
  readonly fd: number;
  readonly events: number;
  readonly resolve: (events: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Waits for descriptors; as long as anything waits, it keeps the program alive. */
export class Poller {
  readonly #waits = new Set<Wait>();
  /** Whoever begins to wait while a poll is under way writes a byte here. */
  #wake: readonly [reading: number, writing: number] | undefined;
  #polling = false;
  #woken = false;

  /**
   * Waits until a descriptor is ready.
   *
   * @param fd Which.
   * @param events Bits of {@link POLL}.
   * @returns The bits that are ready; errors are among them also if not asked for.
   * @throws {UnsupportedError} If {@link forget} was called for it meanwhile.
   */
  wait(fd: number, events: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#waits.add({ fd, events, resolve, reject });
    if (this.#polling) this.#wakeUp();
    else void this.#poll();
    return promise;
  }

  /** Ends all waits for a descriptor, which is about to be closed. */
  forget(fd: number): void {
    for (const wait of this.#waits) {
      if (wait.fd !== fd) continue;
      this.#waits.delete(wait);
      wait.reject(new UnsupportedError("the descriptor was closed", { operation: "wait" }));
    }
    if (this.#polling) this.#wakeUp();
  }

  /** There are no descriptors left: whoever waits is told, and may try again. */
  #fail(): void {
    this.#polling = false;
    const error = systemCallError(socketErrno(), { operation: "wait" });
    for (const wait of this.#waits) wait.reject(error);
    this.#waits.clear();
  }

  #wakeUp(): void {
    if (this.#woken || this.#wake === undefined) return;
    this.#woken = true;
    send(this.#wake[1], Uint8Array.of(0));
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    // Kept for the next time: waits come and go with each message.
    this.#wake ??= socketPair();
    if (this.#wake === undefined) return this.#fail();
    const [reading] = this.#wake;
    try {
      while (this.#waits.size > 0) {
        const waits = [...this.#waits];
        const entries = new Uint8Array(ENTRY_BYTES * (waits.length + 1));
        const view = new DataView(entries.buffer);
        view.setInt32(0, reading, true);
        view.setInt16(4, POLL.in, true);
        waits.forEach(({ fd, events }, index) => {
          view.setInt32(ENTRY_BYTES * (index + 1), fd, true);
          view.setInt16(ENTRY_BYTES * (index + 1) + 4, events, true);
        });
        await pollBeside(entries, -1);
        if (view.getInt16(6, true) !== 0) {
          receive(reading, new Uint8Array(64));
          this.#woken = false;
        }
        waits.forEach((wait, index) => {
          const ready = view.getInt16(ENTRY_BYTES * (index + 1) + 6, true);
          if (ready !== 0 && this.#waits.delete(wait)) wait.resolve(ready);
        });
      }
    } finally {
      this.#polling = false;
    }
  }
}

let shared: Poller | undefined;

/** The poller of this thread. */
export function poller(): Poller {
  return shared ??= new Poller();
}

/**
 * Waits in this very thread until there is something to take.
 *
 * @param fd Where.
 * @param timeoutMs Milliseconds; no longer than a change of threads would take.
 * @returns Whether there is.
 */
export function waitHere(fd: number, timeoutMs: number): boolean {
  const entry = new Uint8Array(ENTRY_BYTES);
  const view = new DataView(entry.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, POLL.in, true);
  return pollHere(entry, timeoutMs) > 0;
}
