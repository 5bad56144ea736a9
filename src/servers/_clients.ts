/**
 * How many connections there are, in total and of each client.
 *
 * @module
 */

import type { Address } from "../net/mod.ts";

/** Counts connections and says when there are too many. */
export class ClientCounts {
  readonly #max: number;
  readonly #maxPerClient: number;
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(max: number, maxPerClient: number) {
    this.#max = max;
    this.#maxPerClient = maxPerClient;
  }

  /** Connections now. */
  get total(): number {
    return this.#total;
  }

  /** Counts one more, unless that is too many: then it says which limit was reached. */
  add(address: Address): string | undefined {
    if (this.#total >= this.#max) return `${this.#max} connections are open`;
    const key = keyOf(address);
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#maxPerClient) return `${count} connections of this client are open`;
    this.#counts.set(key, count + 1);
    this.#total++;
    return undefined;
  }

  /** Counts one less. */
  remove(address: Address): void {
    const key = keyOf(address);
    const count = (this.#counts.get(key) ?? 1) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
    this.#total--;
  }
}

function keyOf(address: Address): string {
  return address.transport === "tcp" || address.transport === "udp"
    ? address.hostname
    : address.transport;
}
