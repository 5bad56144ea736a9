/**
 * Comparing secrets.
 *
 * @module
 */

/**
 * Compares in a time that does not depend on the position of a difference.
 *
 * @param a One.
 * @param b The other.
 * @returns Whether they are the same.
 *
 * @example Two digests
 * ```ts
 * import { timingSafeEqual } from "./timing_safe_equal.ts";
 * if (!timingSafeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))) throw new Error("they are the same");
 * ```
 */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}
