/**
 * Links to files and folders of FTP servers (RFC 1738 §3.2).
 *
 * @module
 */

import { withoutBrackets } from "../../../net/internal.ts";
import {
  type DestinationGate,
  type Network,
  NetwrightError,
  ReplyError,
} from "../../../net/mod.ts";
import { FtpClient } from "../../../protocols/ftp/mod.ts";
import type { LinkSource, ResourceRequest, ResourceResult } from "./link_source.ts";
import { judgeError, mayPassLater } from "./outcome.ts";

/** How servers are reached. */
export interface FtpSourceOptions {
  /** Where to connect. */
  readonly network: Network;
  /** Decides about hosts that a page named. */
  readonly gate: DestinationGate;
  /** Maximum time for a file, in milliseconds. */
  readonly timeoutMs: number;
}

/** Checks that files are there, as an anonymous user; nothing is transferred. */
export class FtpSource implements LinkSource {
  readonly #options: FtpSourceOptions;

  /**
   * @param options How.
   */
  constructor(options: FtpSourceOptions) {
    this.#options = options;
  }

  async request({ url, signal }: ResourceRequest): Promise<ResourceResult> {
    const { network, gate, timeoutMs } = this.#options;
    let path: string;
    try {
      path = decodeURIComponent(url.pathname.replace(/;type=[aid]$/i, "").slice(1));
    } catch {
      return { outcome: "dead", reason: "malformed percent encoding" };
    }
    if (/[\r\n\0]/.test(path)) return { outcome: "dead", reason: "no such file" };
    const began = Date.now();
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const endpoint = await gate.admit(
        {
          transport: "tcp",
          hostname: withoutBrackets(url.hostname),
          port: url.port === "" ? 21 : Number(url.port),
        },
        network,
        limit,
      );
      await using client = await FtpClient.connect(endpoint, {
        network,
        signal: limit,
        connectTimeoutMs: timeoutMs,
        timeoutMs,
      });
      const ms = Date.now() - began;
      if (path === "" || path.endsWith("/")) {
        if (path !== "") await client.cd(path);
        return { outcome: "ok", ms };
      }
      const entry = await client.stat(path);
      await client.quit();
      return entry === undefined
        ? { outcome: "dead", reason: "no such file", ms }
        : { outcome: "ok", bytes: entry.size, ms };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ReplyError) return judgeReply(error);
      if (error instanceof DOMException) return { outcome: "timeout", reason: "no reply in time" };
      if (!(error instanceof NetwrightError)) throw error;
      const { outcome, reason } = judgeError(error);
      return { outcome, reason, mayPass: mayPassLater(outcome, undefined, error) };
    }
  }
}

function judgeReply(error: ReplyError): ResourceResult {
  const { code, reason } = error;
  if (code === 530 || code === 532) return { outcome: "denied", reason };
  if (code === 421 || code === 450) return { outcome: "limited", reason, mayPass: true };
  return { outcome: Number(code) >= 500 ? "dead" : "failed", reason };
}
