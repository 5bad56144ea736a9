/**
 * One object for time-outs and cancellation, passed down, so that every wait in the library ends.
 *
 * @module
 */

import { type ErrorContext, TimeoutError } from "./errors.ts";

/** The longest delay that a timer takes; longer ones fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long a call may wait, and who may end it early. */
export interface WaitOptions {
  /** Aborting it ends the wait, which rejects with the signal's reason untouched. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time for the whole call, in milliseconds; `Infinity` lifts the limit. */
  readonly timeoutMs?: number | undefined;
}

/** The times of a {@link Deadline}. */
export interface DeadlineOptions extends WaitOptions {
  /** Longest time for each single wait, in milliseconds. @default {Infinity} */
  readonly idleTimeoutMs?: number | undefined;
}

/**
 * A moment after which waiting is over, a longest silence, and a signal that may come sooner.
 *
 * A wait costs next to nothing: all waits share one timer, set again only when it fires, and one listener
 * on the signal. The owner disposes of the deadline, which lets go of both.
 *
 * @example Give a read half a second
 * ```ts
 * import { Deadline, type Connection } from "@netwright/netwright/net";
 * async function readSome(connection: Connection, buffer: Uint8Array): Promise<number | null> {
 *   using deadline = new Deadline({ timeoutMs: 500 });
 *   return await deadline.wait(connection.read(buffer), () => connection.close());
 * }
 * ```
 */
export class Deadline implements Disposable {
  readonly #expiresAt: number;
  readonly #timeoutMs: number;
  readonly #idleTimeoutMs: number;
  readonly #given: AbortSignal | undefined;
  readonly #context: ErrorContext;
  readonly #waits = new Set<Wait>();
  #controller: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unlink: (() => void) | undefined;

  /**
   * Starts the clock.
   * @param options The times, in milliseconds, and the signal; nothing given means never.
   * @param context The operation and its peer: they become part of the timeout's message.
   * @throws {RangeError} If a time is not a positive number.
   */
  constructor(options: DeadlineOptions = {}, context: ErrorContext = {}) {
    this.#timeoutMs = checkDuration(options.timeoutMs, "timeoutMs");
    this.#idleTimeoutMs = checkDuration(options.idleTimeoutMs, "idleTimeoutMs");
    this.#expiresAt = performance.now() + this.#timeoutMs;
    this.#given = options.signal;
    this.#context = context;
  }

  /** Milliseconds until the deadline; 0 once it passed, `Infinity` if there is none. */
  get remainingMs(): number {
    return Math.max(0, this.#expiresAt - performance.now());
  }

  /** A signal that aborts at the deadline or with the given signal, for calls that take one. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#given?.aborted) this.#controller.abort(this.#given.reason);
      else {
        this.#listen();
        this.#arm(this.remainingMs);
      }
    }
    return this.#controller.signal;
  }

  /**
   * Throws if waiting is over.
   * @throws {TimeoutError} If the deadline passed.
   * @throws The reason of the signal, if it was aborted.
   */
  throwIfExpired(): void {
    this.#given?.throwIfAborted();
    if (this.#timeoutMs !== Infinity && this.remainingMs === 0) throw this.#timeoutError(true);
  }

  /**
   * Waits for a promise until the deadline, the longest silence or the signal, whichever is first.
   * @param promise What to wait for; if waiting ends first, its outcome is ignored.
   * @param onTimeout Called if the wait ends first, to end the pending operation: usually it
   *   closes the connection.
   * @returns The promise's result.
   * @throws {TimeoutError} If the deadline or the longest silence came first.
   * @throws The reason of the signal, if it came first.
   */
  wait<T>(promise: Promise<T>, onTimeout: () => void): Promise<T> {
    const given = this.#given;
    if (given?.aborted) {
      promise.catch(() => {});
      onTimeout();
      return Promise.reject(given.reason);
    }
    const since = performance.now();
    const due = Math.min(this.#expiresAt, since + this.#idleTimeoutMs);
    if (due === Infinity && given === undefined) return promise;
    this.#listen();
    if (this.#timer === undefined) this.#arm(due - since);
    return new Promise((resolve, reject) => {
      const wait: Wait = { due, reject, onTimeout };
      this.#waits.add(wait);
      promise.then((value) => {
        this.#waits.delete(wait);
        resolve(value);
      }, (error) => {
        this.#waits.delete(wait);
        reject(error);
      });
    });
  }

  /** Lets go of the timer and of the given signal. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unlink?.();
    this.#unlink = undefined;
  }

  #listen(): void {
    const given = this.#given;
    if (given === undefined || this.#unlink !== undefined) return;
    const onAbort = (): void => {
      this.#controller?.abort(given.reason);
      for (const wait of [...this.#waits]) this.#end(wait, given.reason);
    };
    given.addEventListener("abort", onAbort, { once: true });
    this.#unlink = () => given.removeEventListener("abort", onAbort);
  }

  /** Sets the timer; it may fire early, but never later than a wait that began meanwhile is due. */
  #arm(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = delayMs === Infinity
      ? undefined
      : setTimeout(() => this.#sweep(), Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
  }

  #sweep(): void {
    this.#timer = undefined;
    // A timer may fire a fraction of a millisecond early.
    const now = performance.now() + 1;
    let next = Infinity;
    for (const wait of [...this.#waits]) {
      if (wait.due <= now) this.#end(wait, this.#timeoutError(wait.due === this.#expiresAt));
      else next = Math.min(next, wait.due);
    }
    if (this.#controller !== undefined && !this.#controller.signal.aborted) {
      if (this.#expiresAt <= now) this.#controller.abort(this.#timeoutError(true));
      else next = Math.min(next, this.#expiresAt);
    }
    if (this.#timer === undefined) this.#arm(next - now + 1);
  }

  #end(wait: Wait, reason: unknown): void {
    this.#waits.delete(wait);
    wait.reject(reason);
    wait.onTimeout();
  }

  #timeoutError(late: boolean): TimeoutError {
    const seconds = Math.round(late ? this.#timeoutMs : this.#idleTimeoutMs) / 1000;
    return new TimeoutError(
      late ? `not done within ${seconds} s` : `no answer for ${seconds} s`,
      this.#context,
    );
  }
}

/** One promise that is waited for. */
interface Wait {
  /** When waiting is over, on the clock of `performance.now()`. */
  readonly due: number;
  readonly reject: (reason: unknown) => void;
  readonly onTimeout: () => void;
}

function checkDuration(ms: number | undefined, name: string): number {
  if (ms === undefined) return Infinity;
  if (!(ms > 0)) throw new RangeError(`${name} must be a positive number of milliseconds`);
  return ms;
}
