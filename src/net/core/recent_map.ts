/**
 * A map that forgets entries that were not used recently.
 *
 * @module
 */

/**
 * Keeps at least the last `size` entries that were used, and at most twice as many. Unlike a map whose oldest entry is deleted
 * for each new one, it never walks over deleted entries.
 *
 * @example Two generations
 * ```ts
 * import { RecentMap } from "./recent_map.ts";
 * const map = new RecentMap<string, number>(1);
 * for (const [number, key] of ["a", "b", "c", "d"].entries()) map.set(key, number);
 * if (map.get("a") !== undefined || map.get("d") !== 3) throw new Error("the oldest is forgotten");
 * ```
 */
export class RecentMap<K, V> {
  readonly #size: number;
  #new = new Map<K, V>();
  #old = new Map<K, V>();

  /**
   * @param size Number of entries that are kept at least.
   */
  constructor(size: number) {
    this.#size = size;
  }

  /** Gets the value of a key. */
  get(key: K): V | undefined {
    const value = this.#new.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  /** Sets the value of a key. */
  set(key: K, value: V): void {
    this.#new.set(key, value);
    if (this.#new.size <= this.#size) return;
    this.#old = this.#new;
    this.#new = new Map();
  }

  /** Forgets everything. */
  clear(): void {
    this.#new.clear();
    this.#old.clear();
  }
}
