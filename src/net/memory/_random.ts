/**
 * Random numbers from a seed: a fault that was seen once can be seen again.
 *
 * @module
 */

/** Gives numbers from 0 up to, not including, 1. */
export type Random = () => number;

/**
 * Makes a generator (mulberry32).
 *
 * @param seed Any whole number; the same seed gives the same numbers.
 * @returns The generator.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
