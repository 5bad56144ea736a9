/**
 * Links to mail addresses: whether their domains take mail (RFC 6068).
 *
 * @module
 */

import { type Network, NetwrightError } from "../../../net/mod.ts";
import { mailExchangers, NullMxError } from "../../../protocols/smtp/mod.ts";
import type { LinkSource, ResourceRequest, ResourceResult } from "./link_source.ts";
import { judgeError } from "./outcome.ts";

/** Checks addresses by their form and their domains; nothing is sent to anybody. */
export class MailSource implements LinkSource {
  readonly #network: Network;
  readonly #timeoutMs: number;

  /**
   * @param network Where domains are looked up.
   * @param timeoutMs Maximum time for a lookup, in milliseconds.
   */
  constructor(network: Network, timeoutMs: number) {
    this.#network = network;
    this.#timeoutMs = timeoutMs;
  }

  async request({ url, signal }: ResourceRequest): Promise<ResourceResult> {
    let addresses: string[];
    try {
      addresses = url.pathname.split(",").map(decodeURIComponent);
    } catch {
      return { outcome: "dead", reason: "malformed percent encoding" };
    }
    // Without an address, the reader is to fill one in.
    for (const address of addresses) {
      if (address === "") continue;
      const [, domain] = /^[^\s@<>]+@([^\s@<>,;]+)$/.exec(address) ?? [];
      if (domain === undefined) return { outcome: "dead", reason: "this is not a mail address" };
      try {
        await mailExchangers(domain, {
          network: this.#network,
          timeoutMs: this.#timeoutMs,
          signal,
        });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof NullMxError) return { outcome: "dead", reason: error.reason };
        if (!(error instanceof NetwrightError)) throw error;
        const { outcome, reason } = judgeError(error);
        // A name server that cannot say leaves the question open.
        return { outcome: outcome === "failed" ? "timeout" : outcome, reason };
      }
    }
    return { outcome: "ok" };
  }
}
