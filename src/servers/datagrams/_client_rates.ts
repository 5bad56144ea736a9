/**
 * How many datagrams each client may send, and how much may be answered.
 *
 * @module
 */

import { clientKeys, TokenBuckets } from "../../net/internal.ts";
import { type Address, type ClientPrefix, isLoopback } from "../../net/mod.ts";

/**
 * Limits clients to a number of datagrams per second, of which a second's worth may come at once. A reply that is larger
 * than its request counts in proportion: a sender with a forged address cannot flood its victim
 * through this server. Clients on this host, whose addresses cannot be forged, are free.
 */
export class ClientRates {
  readonly #isFree: boolean;
  readonly #keyOf: (address: Address) => string;
  readonly #buckets: TokenBuckets;

  /**
   * Begins with full buckets.
   * @param perSecond Datagrams of a client a second.
   * @param prefix The prefix that makes out one client.
   * @param now The time, in milliseconds.
   */
  constructor(perSecond: number, prefix?: ClientPrefix, now?: () => number) {
    this.#isFree = perSecond === Infinity;
    this.#keyOf = clientKeys(prefix);
    this.#buckets = new TokenBuckets({ perSecond, ...now === undefined ? {} : { now } });
  }

  /**
   * Takes a datagram.
   * @param sender The sender.
   * @returns `yes`; `no` if it is too much, for the first time `now`.
   */
  take(sender: Address): "yes" | "now" | "no" {
    return this.#counts(sender) ? this.#buckets.take(this.#keyOf(sender)) : "yes";
  }

  /**
   * Counts an answer.
   * @param sender Who gets it.
   * @param question Bytes of the question.
   * @param answer Bytes of the answer.
   */
  answered(sender: Address, question: number, answer: number): void {
    if (answer <= question || !this.#counts(sender)) return;
    this.#buckets.charge(this.#keyOf(sender), answer / Math.max(1, question) - 1);
  }

  #counts(sender: Address): boolean {
    return !this.#isFree && "hostname" in sender && !isHere(sender.hostname);
  }
}

function isHere(hostname: string): boolean {
  return hostname.startsWith("127.") || hostname.startsWith(":") && isLoopback(hostname);
}
