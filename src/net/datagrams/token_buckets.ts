/**
 * How often each of many may do something: a bucket of tokens for each.
 *
 * @module
 */

/** How buckets fill. */
export interface TokenBucketOptions {
  /** Tokens that come back a second. */
  readonly perSecond: number;
  /** Most tokens of a bucket, which it has at first. @default `perSecond` */
  readonly burst?: number;
  /** Most buckets; of more, the one that was made first is forgotten. @default {65_536} */
  readonly maxBuckets?: number;
  /** The time, in milliseconds. */
  readonly now?: () => number;
}

interface Bucket {
  /** Tokens left; below 0 if more were taken. */
  tokens: number;
  /** Since when, in milliseconds. */
  since: number;
  isTold: boolean;
}

/**
 * A bucket of tokens for each key: so many at once, and so many a second in the long run.
 *
 * @example Two at once
 * ```ts
 * import { TokenBuckets } from "./token_buckets.ts";
 * const buckets = new TokenBuckets({ perSecond: 1, burst: 2, now: () => 0 });
 * const taken = [1, 2, 3, 4].map(() => buckets.take("ann"));
 * if (taken.join() !== "yes,yes,now,no") throw new Error(taken.join());
 * ```
 */
export class TokenBuckets {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #maxBuckets: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /**
   * Begins with full buckets.
   * @param options How they fill.
   */
  constructor(options: TokenBucketOptions) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst ?? options.perSecond;
    this.#maxBuckets = options.maxBuckets ?? 65_536;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Takes a token.
   * @param key Whose.
   * @returns `yes`; where none is left `no`, and `now` when that begins.
   */
  take(key: string): "yes" | "now" | "no" {
    const bucket = this.#bucket(key);
    const now = this.#now();
    const earned = (now - bucket.since) / 1000 * this.#perSecond;
    bucket.tokens = Math.min(this.#burst, bucket.tokens + earned);
    bucket.since = now;
    if (bucket.tokens < 1) {
      const isTold = bucket.isTold;
      bucket.isTold = true;
      return isTold ? "no" : "now";
    }
    bucket.tokens--;
    bucket.isTold = false;
    return "yes";
  }

  /**
   * Takes tokens for what cannot be refused any more.
   * @param key Whose.
   * @param tokens How many.
   */
  charge(key: string, tokens: number): void {
    this.#bucket(key).tokens -= tokens;
  }

  #bucket(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.#maxBuckets) {
      this.#buckets.delete(this.#buckets.keys().next().value!);
    }
    const bucket = { tokens: this.#burst, since: this.#now(), isTold: false };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
