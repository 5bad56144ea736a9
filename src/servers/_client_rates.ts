/**
 * How many datagrams each client may send, and how much may be answered.
 *
 * @module
 */

import { type Address, isLoopback } from "../net/mod.ts";
import { clientKeys, type ClientPrefix } from "./_client_key.ts";

/** How many clients are kept account of; of more, the one that was heard of first is forgotten. */
const MAX_CLIENTS = 65_536;

interface Account {
  /** What is left; below 0 if more was taken than there was. */
  tokens: number;
  /** Since when, in milliseconds. */
  since: number;
  isTold: boolean;
}

/**
 * Keeps clients to a number of datagrams a second, of which a second's worth may come at once. An answer that is larger
 * than its question counts as often as it is larger: whoever forges the address of another cannot have it flooded
 * through this server. This host's own clients, whose addresses nobody can forge, are free.
 */
export class ClientRates {
  readonly #perSecond: number;
  readonly #keyOf: (address: Address) => string;
  readonly #accounts = new Map<string, Account>();
  readonly #now: () => number;

  /**
   * Begins with empty accounts.
   * @param perSecond Datagrams of a client a second.
   * @param prefix What a client is.
   * @param now The time, in milliseconds.
   */
  constructor(
    perSecond: number,
    prefix?: ClientPrefix,
    now: () => number = () => performance.now(),
  ) {
    this.#perSecond = perSecond;
    this.#keyOf = clientKeys(prefix);
    this.#now = now;
  }

  /**
   * Takes a datagram.
   * @param sender Who sent it.
   * @returns `yes`; `no` if it is too much, for the first time `now`.
   */
  take(sender: Address): "yes" | "now" | "no" {
    const account = this.#account(sender);
    if (account === undefined) return "yes";
    const now = this.#now();
    const earned = (now - account.since) / 1000 * this.#perSecond;
    account.tokens = Math.min(this.#perSecond, account.tokens + earned);
    account.since = now;
    if (account.tokens < 1) {
      const isTold = account.isTold;
      account.isTold = true;
      return isTold ? "no" : "now";
    }
    account.tokens--;
    account.isTold = false;
    return "yes";
  }

  /**
   * Counts an answer.
   * @param sender Who gets it.
   * @param question Bytes of the question.
   * @param answer Bytes of the answer.
   */
  answered(sender: Address, question: number, answer: number): void {
    if (answer <= question) return;
    const account = this.#account(sender);
    if (account !== undefined) account.tokens -= answer / Math.max(1, question) - 1;
  }

  #account(sender: Address): Account | undefined {
    if (this.#perSecond === Infinity || !("hostname" in sender)) return undefined;
    if (isHere(sender.hostname)) return undefined;
    const key = this.#keyOf(sender);
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    if (this.#accounts.size >= MAX_CLIENTS) {
      this.#accounts.delete(this.#accounts.keys().next().value!);
    }
    const account = { tokens: this.#perSecond, since: this.#now(), isTold: false };
    this.#accounts.set(key, account);
    return account;
  }
}

function isHere(hostname: string): boolean {
  return hostname.startsWith("127.") || hostname.startsWith(":") && isLoopback(hostname);
}
