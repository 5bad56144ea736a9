/**
 * How many connections there are, in total and of each client.
 *
 * @module
 */

import { type Address, formatIp, type IpAddress, Netmask, parseIp } from "../net/mod.ts";

/** How many leading bits of an address make out a client. */
export interface ClientPrefix {
  /** Of IPv4. @default {32} */
  readonly v4?: number | undefined;
  /** Of IPv6, where a household has a whole network. @default {64} */
  readonly v6?: number | undefined;
}

/** Counts connections and says when there are too many. */
export class ClientCounts {
  readonly #max: number;
  readonly #maxPerClient: number;
  readonly #masks: Record<4 | 6, Netmask>;
  readonly #counts = new Map<string, number>();
  #total = 0;

  /**
   * @param max Connections at once.
   * @param maxPerClient Connections of one client at once.
   * @param prefix What a client is.
   * @throws {RangeError} If the prefix is longer than an address.
   */
  constructor(max: number, maxPerClient: number, { v4 = 32, v6 = 64 }: ClientPrefix = {}) {
    this.#max = max;
    this.#maxPerClient = maxPerClient;
    this.#masks = { 4: new Netmask(v4, 4), 6: new Netmask(v6, 6) };
  }

  /** Connections now. */
  get total(): number {
    return this.#total;
  }

  /** Counts one more, unless that is too many: then it says which limit was reached. */
  add(address: Address): string | undefined {
    if (this.#total >= this.#max) return `${this.#max} connections are open`;
    this.#total++;
    // To keep no account where there is no limit keeps connections cheap.
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

  /** The network of its address, as text. */
  #keyOf(address: Address): string {
    if (!("hostname" in address)) return address.transport;
    const parsed = parseIp(address.hostname);
    if (parsed === undefined) return address.hostname;
    const ip = unmapped(parsed);
    const mask = this.#masks[ip.version];
    const network = formatIp(mask.network(ip));
    return mask.size === 1n ? network : `${network}/${mask.length}`;
  }
}

/** An IPv4 client of an IPv6 socket is one of IPv4. */
function unmapped({ version, value }: IpAddress): IpAddress {
  return version === 6 && value >> 32n === 0xffffn
    ? { version: 4, value: value & 0xffff_ffffn }
    : { version, value };
}
