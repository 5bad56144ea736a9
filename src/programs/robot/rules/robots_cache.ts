/**
 * The files `robots.txt` of the servers of a crawl.
 *
 * @module
 */

import { concat, delay, RecentMap } from "../../../net/internal.ts";
import { ConnectError, NetwrightError } from "../../../net/mod.ts";
import { retryDelay } from "../../../protocols/http/internal.ts";
import type { ClientResponse, RequestFields, UserAgent } from "../../../protocols/http/mod.ts";
import { judgeError, type Judgement } from "../sources/outcome.ts";
import { MAX_ROBOTS_BYTES, type RobotRules, RobotsTxt } from "./robots_txt.ts";

/** Maximum number of redirects to a file (RFC 9309 §2.3.1.2). */
const MAX_REDIRECTS = 5;
/** Servers whose rules are kept. */
const MAX_SERVERS = 10_000;
/** How long rules count, in milliseconds (RFC 9309 §2.4). */
const MAX_AGE_MS = 24 * 3600 * 1000;

/** The rules of a server. */
export interface HostRules extends RobotRules {
  /** The sitemaps that it names, as absolute URLs. */
  readonly sitemaps: readonly string[];
  /** Why everything is disallowed although no rule says so. */
  readonly failure?: string | undefined;
  /** What that failure means for the server's resources. */
  readonly judgement?: Judgement | undefined;
  /** Requested pause (Retry-After), in milliseconds. */
  readonly pauseMs?: number | undefined;
}

const ALLOW_ALL: HostRules = { allows: () => true, delayMs: undefined, sitemaps: [] };

/** The turns of a server; the caller already holds one at the first server. */
export interface Turns {
  /** Takes a place among the requests that run at once. */
  enter(): Promise<void>;
  /** Gives it back. */
  end(): void;
  /** Waits until the next request may be sent. */
  turn(signal: AbortSignal): Promise<void>;
}

/** The first wait before that, in milliseconds. */
const RETRY_MS = 500;

/** How files are requested. */
export interface RobotsCacheOptions {
  /** The user agent; it follows no redirects. */
  readonly agent: UserAgent;
  /** The robot's product token. */
  readonly token: string;
  /** Whether a peer named the server. */
  readonly isNamedByPeer: (url: URL) => boolean;
  /** Fields for the servers that the user named. */
  readonly fields: RequestFields;
  /** The turns of a URL's server. */
  readonly turnsOf: (url: URL) => Turns;
  /** How often a file is requested again when that may help. */
  readonly retries: number;
  /** Maximum time that a server may ask to be left alone, in milliseconds. */
  readonly maxPauseMs: number;
  /** Maximum time for a file, in milliseconds. */
  readonly timeoutMs: number;
}

/** Requests the file of each server once. */
export class RobotsCache {
  readonly #options: RobotsCacheOptions;
  readonly #rules = new RecentMap<
    string,
    { readonly rules: Promise<HostRules>; readonly until: number }
  >(MAX_SERVERS);

  /**
   * @param options How files are requested.
   */
  constructor(options: RobotsCacheOptions) {
    this.#options = options;
  }

  /**
   * Gives the rules of a server.
   * @param url Any of its resources.
   * @param signal Aborting it gives up.
   * @returns The rules. A server without the file allows all, one that fails disallows all (RFC 9309 §2.3.1).
   */
  rulesFor(url: URL, signal: AbortSignal): Promise<HostRules> {
    const { origin } = url;
    const known = this.#rules.get(origin);
    if (known !== undefined && known.until > Date.now()) return known.rules;
    const rules = this.#request(new URL("/robots.txt", origin), signal);
    this.#rules.set(origin, { rules, until: Date.now() + MAX_AGE_MS });
    return rules;
  }

  async #request(first: URL, signal: AbortSignal): Promise<HostRules> {
    for (let attempt = 0;; attempt++) {
      const rules = await this.#attempt(first, signal);
      if (rules.failure === undefined) return rules;
      if (rules.judgement?.outcome === "dead" || rules.judgement?.outcome === "outside") {
        return rules;
      }
      const pauseMs = rules.pauseMs ?? RETRY_MS * 2 ** attempt;
      if (pauseMs > this.#options.maxPauseMs) {
        const failure = `${rules.failure}, for ${pauseMs / 1000} s (--max-wait)`;
        return { ...rules, failure, judgement: { outcome: "limited" } };
      }
      if (attempt >= this.#options.retries) return rules;
      await delay(pauseMs, signal);
    }
  }

  async #attempt(first: URL, signal: AbortSignal): Promise<HostRules> {
    let url = first;
    try {
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        const turns = this.#options.turnsOf(url);
        // The caller holds a place at the first server only.
        const isElsewhere = url.host !== first.host;
        if (isElsewhere) await turns.enter();
        using _ = { [Symbol.dispose]: () => isElsewhere && turns.end() };
        await turns.turn(signal);
        await using response = await this.#options.agent.request("GET", url, {
          signal,
          timeoutMs: this.#options.timeoutMs,
          isNamedByPeer: redirects > 0 || this.#options.isNamedByPeer(url),
          fields: this.#options.isNamedByPeer(url) ? [] : this.#options.fields,
        });
        const location = response.headers.get("location");
        const isRedirect = response.status >= 300 && response.status < 400;
        if (isRedirect && location !== undefined && URL.canParse(location, url)) {
          const next = new URL(location, url);
          if (next.protocol !== "http:" && next.protocol !== "https:") return ALLOW_ALL;
          url = next;
          continue;
        }
        return await this.#parse(response, first);
      }
      // More redirects than five count as a file that is not there.
      return ALLOW_ALL;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NetwrightError)) throw error;
      const { outcome, reason = "" } = judgeError(error);
      // A server that cannot be reached at all has no file either.
      const isAboutFile = !(error instanceof ConnectError) && outcome !== "outside";
      return disallowAll(isAboutFile ? `robots.txt: ${reason}` : reason, { outcome });
    }
  }

  async #parse(response: ClientResponse, first: URL): Promise<HostRules> {
    const { status } = response;
    // 429 does not answer the question: it counts as a server failure.
    if (status === 429 || status >= 500) {
      return disallowAll(
        `robots.txt: ${status}`,
        {
          outcome: status === 429 ? "limited" : "failed",
        },
        response.headers.get("retry-after") !== undefined
          ? retryDelay(1, response.headers)
          : undefined,
      );
    }
    if (!response.ok) return ALLOW_ALL;
    const file = new RobotsTxt(await beginning(response, MAX_ROBOTS_BYTES));
    const { delayMs, allows } = file.rulesFor(this.#options.token);
    const sitemaps = file.sitemaps.flatMap((text) =>
      URL.canParse(text, first) ? [new URL(text, first).href] : []
    );
    return { allows, delayMs, sitemaps };
  }
}

function disallowAll(failure: string, judgement: Judgement, pauseMs?: number): HostRules {
  return { allows: () => false, delayMs: undefined, sitemaps: [], failure, judgement, pauseMs };
}

/** Reads the first bytes of a body. */
async function beginning(response: ClientResponse, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response) {
    pieces.push(piece);
    if ((size += piece.length) >= maxBytes) break;
  }
  return concat(pieces).subarray(0, maxBytes);
}
