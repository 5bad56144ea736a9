/**
 * How many connections there are, in total and of each client.
 *
 * @module
 */

import { clientKeys } from "../../net/internal.ts";
import type { Address, ClientPrefix } from "../../net/mod.ts";

/** Counts connections and says when there are too many. */
export class ClientCounts {
  readonly #max: number;
  readonly #maxPerClient: number;
  readonly #keyOf: (address: Address) => string;
  readonly #counts = new Map<string, number>();
  #total = 0;

  /**
   * @param max Connections at once.
   * @param maxPerClient Connections of one client at once.
   * @param prefix The prefix that makes out one client.
   * @throws {RangeError} If the prefix is longer than an address.
   */
  constructor(max: number, maxPerClient: number, prefix?: ClientPrefix) {
    this.#max = max;
    this.#maxPerClient = maxPerClient;
    this.#keyOf = clientKeys(prefix);
  }

  /** Connections now. */
  get total(): number {
    return this.#total;
  }

  /** Counts one more, unless that is too many: then it says which limit was reached. */
  add(address: Address): string | undefined {
    if (this.#total >= this.#max) return `${this.#max} connections are open`;
    this.#total++;
    // Without a limit no counts are needed, which keeps connections cheap.
    if (this.#maxPerClient === Infinity) return undefined;
    const key = this.#keyOf(address);
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#maxPerClient) {
      this.#total--;
      return `${count} connections of ${key} are open`;
    }
    this.#counts.set(key, count + 1);
    return undefined;
  }

  /** Counts one less. */
  remove(address: Address): void {
    this.#total--;
    if (this.#maxPerClient === Infinity) return;
    const key = this.#keyOf(address);
    const count = (this.#counts.get(key) ?? 1) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
