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

/** What a {@link Deadline} is made of. */
export interface DeadlineOptions extends WaitOptions {
  /** Longest time for each single wait, in milliseconds. @default {Infinity} */
  readonly idleMs?: number | undefined;
}

/**
 * A moment after which waiting is over, a longest silence, and a signal that may come sooner.
 *
 * The owner disposes of it; until then it may hold one timer.
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
  readonly #idleMs: number;
  readonly #given: AbortSignal | undefined;
  readonly #context: ErrorContext;
  #controller: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unlink: (() => void) | undefined;

  /**
   * Starts the clock.
   * @param options The times, in milliseconds, and the signal; nothing given means never.
   * @param context What is being waited for, and of whom: it becomes part of the time-out's message.
   * @throws {RangeError} If a time is not a positive number.
   */
  constructor(options: DeadlineOptions = {}, context: ErrorContext = {}) {
    this.#timeoutMs = checkDuration(options.timeoutMs, "timeoutMs");
    this.#idleMs = checkDuration(options.idleMs, "idleMs");
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
      const controller = this.#controller = new AbortController();
      const given = this.#given;
      if (given?.aborted) controller.abort(given.reason);
      else {
        const onAbort = (): void => controller.abort(given!.reason);
        given?.addEventListener("abort", onAbort, { once: true });
        this.#unlink = () => given?.removeEventListener("abort", onAbort);
        const remaining = this.remainingMs;
        if (remaining <= MAX_TIMER_MS) {
          this.#timer = setTimeout(() => controller.abort(this.#timeoutError()), remaining);
        }
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
    if (this.#timeoutMs !== Infinity && this.remainingMs === 0) throw this.#timeoutError();
  }

  /**
   * Waits for a promise until the deadline, the longest silence or the signal, whichever is first.
   * @param promise What to wait for; if waiting ends first, its outcome is ignored.
   * @param giveUp Called when waiting ends first, to end what the promise stands for: usually it
   *   closes the connection.
   * @returns What the promise resolves to.
   * @throws {TimeoutError} If the deadline or the longest silence came first.
   * @throws The reason of the signal, if it came first.
   */
  async wait<T>(promise: Promise<T>, giveUp: () => void): Promise<T> {
    const limit = Math.min(this.remainingMs, this.#idleMs);
    const given = this.#given;
    if (limit === Infinity && given === undefined) return await promise;
    const over = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      over.reject(reason);
      giveUp();
    };
    const onAbort = (): void => end(given!.reason);
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (given?.aborted) onAbort();
    else {
      given?.addEventListener("abort", onAbort, { once: true });
      if (limit <= MAX_TIMER_MS) timer = setTimeout(() => end(this.#timeoutError()), limit);
    }
    try {
      return await Promise.race([over.promise, promise]);
    } finally {
      clearTimeout(timer);
      given?.removeEventListener("abort", onAbort);
    }
  }

  /** Lets go of the timer and of the given signal. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#unlink?.();
  }

  #timeoutError(): TimeoutError {
    const late = this.#timeoutMs !== Infinity && this.remainingMs === 0;
    const seconds = (late ? this.#timeoutMs : this.#idleMs) / 1000;
    return new TimeoutError(
      late ? `not done within ${seconds} s` : `no answer for ${seconds} s`,
      this.#context,
    );
  }
}

function checkDuration(ms: number | undefined, name: string): number {
  if (ms === undefined) return Infinity;
  if (!(ms > 0)) throw new RangeError(`${name} must be a positive number of milliseconds`);
  return ms;
}
