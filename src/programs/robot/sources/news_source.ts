/**
 * Links to newsgroups and articles (RFC 5538).
 *
 * @module
 */

import { withoutBrackets } from "../../../net/internal.ts";
import {
  type DestinationGate,
  type HostEndpoint,
  type Network,
  NetwrightError,
  ReplyError,
} from "../../../net/mod.ts";
import { NntpClient } from "../../../protocols/nntp/mod.ts";
import type { LinkSource, ResourceRequest, ResourceResult } from "./link_source.ts";
import { judgeError, mayPassLater } from "./outcome.ts";

/** How news servers are reached. */
export interface NewsSourceOptions {
  /** Where to connect. */
  readonly network: Network;
  /** Decides about hosts that a page named. */
  readonly gate: DestinationGate;
  /** The server for URLs that name none (`news:`). */
  readonly server: HostEndpoint | undefined;
  /** Maximum time for a link, in milliseconds. */
  readonly timeoutMs: number;
}

/** Checks that groups and articles are there. */
export class NewsSource implements LinkSource {
  readonly #options: NewsSourceOptions;

  /**
   * @param options How.
   */
  constructor(options: NewsSourceOptions) {
    this.#options = options;
  }

  async request({ url, signal }: ResourceRequest): Promise<ResourceResult> {
    const { network, gate, server, timeoutMs } = this.#options;
    let name: string;
    try {
      name = decodeURIComponent(url.pathname.replace(/^\/+/, ""));
    } catch {
      return { outcome: "dead", reason: "malformed percent encoding" };
    }
    const [group = "", article] = name.includes("@") ? [] : name.split("/");
    if (!name.includes("@") && (group === "" || !/^[\w+.*-]+$/.test(group))) {
      return { outcome: "dead", reason: "this is not a newsgroup" };
    }
    const began = Date.now();
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const named = hostOf(url);
      const endpoint = named === undefined ? server! : await gate.admit(named, network, limit);
      await using client = await NntpClient.connect(endpoint, {
        network,
        signal: limit,
        timeoutMs,
      });
      if (name.includes("@")) await client.stat(`<${name.replace(/^<|>$/g, "")}>`);
      else if (!group.includes("*")) {
        await client.selectGroup(group);
        if (article !== undefined && /^\d+$/.test(article)) await client.stat(Number(article));
      }
      await client.quit();
      return { outcome: "ok", ms: Date.now() - began };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ReplyError) {
        const { code, reason } = error;
        const isThere = [411, 420, 423, 430].includes(Number(code)) ? "dead" : "failed";
        return {
          outcome: Number(code) === 480 || Number(code) === 502 ? "denied" : isThere,
          reason,
        };
      }
      if (error instanceof DOMException) return { outcome: "timeout", reason: "no reply in time" };
      if (!(error instanceof NetwrightError)) throw error;
      const { outcome, reason } = judgeError(error);
      return { outcome, reason, mayPass: mayPassLater(outcome, undefined, error) };
    }
  }
}

function hostOf({ hostname, port }: URL): HostEndpoint | undefined {
  if (hostname === "") return undefined;
  return {
    transport: "tcp",
    hostname: withoutBrackets(hostname),
    port: port === "" ? 119 : Number(port),
  };
}
