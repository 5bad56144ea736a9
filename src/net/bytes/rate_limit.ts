/**
 * A limit of bytes per second for any number of senders.
 *
 * @module
 */

import { delay } from "../core/delay.ts";

/** Bytes that pass at once, at least, however slow it is. */
const LEAST_BYTES = 1024;

/**
 * Passes bytes on no faster than it should; shared by all transfers that it holds for.
 *
 * @example At most 1 MiB a second
 * ```ts
 * import { RateLimit } from "@netwright/netwright/net";
 * const limit = new RateLimit(1024 * 1024);
 * function slowed(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
 *   return limit.slow(pieces);
 * }
 * ```
 */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #delay: typeof delay;
  /** When all that was let through is paid for, in milliseconds. */
  #paidAt = 0;

  /**
   * Sets the limit.
   * @param bytesPerSecond How much passes, over all.
   * @param clock The time in milliseconds, and how it passes.
   */
  constructor(
    bytesPerSecond: number,
    clock: { now(): number; delay: typeof delay } = { now: () => performance.now(), delay },
  ) {
    if (!(bytesPerSecond > 0)) throw new RangeError("a rate must be above 0");
    this.#perSecond = bytesPerSecond;
    this.#now = () => clock.now();
    this.#delay = clock.delay;
  }

  /**
   * Passes pieces on in small ones, each when the bytes before it are paid for by time.
   * @param pieces The pieces.
   * @param signal Ends a wait.
   * @returns The same bytes.
   * @throws The signal's reason.
   */
  async *slow(
    pieces: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const most = Math.max(LEAST_BYTES, Math.floor(this.#perSecond / 4));
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; at += most) {
        const part = piece.subarray(at, at + most);
        const wait = this.#paidAt - this.#now();
        if (wait > 0) await this.#delay(wait, signal);
        this.#paidAt = Math.max(this.#paidAt, this.#now()) + part.length / this.#perSecond * 1000;
        yield part;
      }
    }
  }
}
