/**
 * How long to wait for an answer before asking again (RFC 6298).
 *
 * @module
 */

/** Bounds of a {@link RoundTrip}, in milliseconds. */
export interface RoundTripOptions {
  /** The first wait, while nothing is known. @default {1000} */
  readonly initialMs?: number | undefined;
  /** The shortest wait. @default {100} */
  readonly minMs?: number | undefined;
  /** The longest wait. @default {60_000} */
  readonly maxMs?: number | undefined;
}

/** Learns from round trips how long the next one may take. */
export class RoundTrip {
  readonly #minMs: number;
  readonly #maxMs: number;
  #smoothed: number | undefined;
  #variation = 0;
  #timeoutMs: number;

  /**
   * Knows nothing yet.
   * @param options Bounds.
   */
  constructor({ initialMs = 1000, minMs = 100, maxMs = 60_000 }: RoundTripOptions = {}) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#timeoutMs = Math.min(initialMs, maxMs);
  }

  /** How long to wait, in milliseconds. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** The smoothed round trip, in milliseconds; undefined while nothing is known. */
  get smoothedMs(): number | undefined {
    return this.#smoothed;
  }

  /**
   * Records a round trip; only of requests that were sent once, for others may be answers to either
   * (§3, Karn's algorithm).
   * @param ms How long it took, in milliseconds.
   */
  sample(ms: number): void {
    if (this.#smoothed === undefined) {
      this.#smoothed = ms;
      this.#variation = ms / 2;
    } else {
      this.#variation = 0.75 * this.#variation + 0.25 * Math.abs(this.#smoothed - ms);
      this.#smoothed = 0.875 * this.#smoothed + 0.125 * ms;
    }
    const timeoutMs = this.#smoothed + 4 * this.#variation;
    this.#timeoutMs = Math.min(Math.max(timeoutMs, this.#minMs), this.#maxMs);
  }

  /** Doubles the time-out, until a measured round trip replaces it (§5.5). */
  backOff(): void {
    this.#timeoutMs = Math.min(this.#timeoutMs * 2, this.#maxMs);
  }
}
