/**
 * Resources of the Web.
 *
 * @module
 */

import { ConnectError, LimitError, readToEnd, singleLine } from "../../../net/mod.ts";
import { decodeBody, drain, reasonPhrase, retryDelay } from "../../../protocols/http/internal.ts";
import {
  type ClientResponse,
  parseLinks,
  type RequestFields,
  type UserAgent,
} from "../../../protocols/http/mod.ts";
import { decodePage } from "../../web/mod.ts";
import { documentKind, type DocumentLink, readDocument } from "./document.ts";
import type { LinkSource, ResourceRequest, ResourceResult } from "./link_source.ts";
import { judgeError, judgeStatus, mayPassLater } from "./outcome.ts";
import { MAX_SITEMAP_BYTES } from "./sitemap.ts";

/** How HTML begins. */
const HTML =
  /^\s*<(?:!--|!doctype\s+html\b|(?:html|head|body|title|script|style|table|h1|div|p|a)\b)/i;

/** How resources are requested. */
export interface WebSourceOptions {
  /** The user agent; it follows no redirects, and tries nothing again. */
  readonly agent: UserAgent;
  /** Whether a peer named the server of a URL, so that inner addresses are refused. */
  readonly isNamedByPeer: (url: URL) => boolean;
  /** Fields for the servers that the user named: others might read secrets in them. */
  readonly fields: RequestFields;
  /** The robot's product token, for `X-Robots-Tag`. */
  readonly token: string;
  /** Maximum size of a document that is read, in bytes. */
  readonly maxBytes: number;
  /** Maximum time for a resource, in milliseconds. */
  readonly timeoutMs: number;
}

/** Requests resources of the Web. */
export class WebSource implements LinkSource {
  readonly #options: WebSourceOptions;

  /**
   * @param options How.
   */
  constructor(options: WebSourceOptions) {
    this.#options = options;
  }

  async request(request: ResourceRequest): Promise<ResourceResult> {
    if (request.mode !== "check") return await this.#attempt("GET", request);
    const result = await this.#attempt("HEAD", request);
    const { status = 0, outcome } = result;
    // Some servers answer HEAD wrongly, or not at all.
    const isFinal = outcome === "ok" || outcome === "redirect" || outcome === "limited" ||
      outcome === "outside" || outcome === "insecure" || result.missed !== undefined;
    if (isFinal || (status === 0 && outcome === "timeout")) return result;
    await request.turn();
    return await this.#attempt("GET", request);
  }

  async #attempt(
    method: "HEAD" | "GET",
    request: ResourceRequest,
    isAgain: boolean = false,
  ): Promise<ResourceResult> {
    const { url, signal } = request;
    const { etag, modified } = conditionsOf(method, request);
    const { agent, timeoutMs, isNamedByPeer } = this.#options;
    let response: ClientResponse;
    try {
      response = await agent.request(method, url, {
        signal,
        timeoutMs,
        isNamedByPeer: isNamedByPeer(url),
        fields: [
          ...isNamedByPeer(url) ? [] : this.#options.fields,
          ...etag === undefined ? [] : [["If-None-Match", etag] as const],
          ...modified === undefined ? [] : [["If-Modified-Since", modified] as const],
        ],
      });
    } catch (error) {
      return this.#failed(error, signal);
    }
    try {
      const result = await this.#judge(response, method, request);
      // A redirect to itself that sets a cookie expects the cookie back.
      const isCookie = result.location?.href === url.href &&
        response.headers.get("set-cookie") !== undefined;
      if (!isCookie || isAgain) return result;
      response.close();
      await request.turn();
      return await this.#attempt(method, request, true);
    } catch (error) {
      const { status } = response;
      // It is there, whatever can be read of it.
      if (error instanceof LimitError) {
        return { outcome: "ok", status, type: response.mediaType, unread: error.reason };
      }
      return { ...this.#failed(error, signal), status };
    } finally {
      response.close();
    }
  }

  #failed(error: unknown, signal: AbortSignal): ResourceResult {
    signal.throwIfAborted();
    const judgement = judgeError(error);
    const missed = error instanceof ConnectError
      ? error.kind === "name not found" ? "for good" : "once"
      : undefined;
    return { ...judgement, missed, mayPass: mayPassLater(judgement.outcome, undefined, error) };
  }

  async #judge(
    response: ClientResponse,
    method: string,
    request: ResourceRequest,
  ): Promise<ResourceResult> {
    const { status, headers, tls } = response;
    const base: Omit<ResourceResult, "outcome"> = {
      status,
      type: response.mediaType,
      bytes: response.contentLength,
      ms: Math.round(response.lastMs),
      // Validators of error responses are not kept, nor those of a response whose fields are a part of the document.
      etag: status === 200 && !hasLinkFields(response) ? headers.get("etag") : undefined,
      modified: status === 200 && !hasLinkFields(response)
        ? headers.get("last-modified")
        : undefined,
      certificateUntil: tls?.certificate.until,
    };
    // A host that is to be reached by TLS only: as if it had said so itself.
    if (response.url !== request.url.href && response.history.length > 0) {
      return { ...base, outcome: "redirect", location: new URL(response.url), isPermanent: false };
    }
    const { etag, modified } = conditionsOf(method, request);
    if (status === 304 && (etag ?? modified) !== undefined) {
      // They may have changed although the content has not (RFC 9110 §15.4.5).
      if (hasLinkFields(response)) {
        response.close();
        await request.turn();
        const { etag: _, modified: __, ...anew } = request;
        return await this.#attempt(method as "GET", anew);
      }
      return { ...base, outcome: "unchanged", etag, modified };
    }
    const location = headers.get("location");
    if (status >= 300 && status < 400 && status !== 304 && status !== 300) {
      if (location === undefined || !URL.canParse(location, request.url)) {
        const what = location === undefined ? "without Location" : "with a malformed Location";
        return { ...base, outcome: "failed", reason: `${status} ${what}` };
      }
      await drain(response);
      return {
        ...base,
        outcome: "redirect",
        location: new URL(location, request.url),
        isPermanent: status === 301 || status === 308,
      };
    }
    const judgement = judgeStatus(
      status,
      reasonPhrase(status) || singleLine(response.reason).slice(0, 60),
      headers.get("retry-after") !== undefined,
    );
    if (judgement.outcome !== "ok") {
      await drain(response);
      return {
        ...base,
        ...judgement,
        pauseMs: judgement.outcome === "limited" ? retryDelay(1, headers) : undefined,
        mayPass: mayPassLater(judgement.outcome, status),
      };
    }
    if (method === "HEAD" || request.mode === "check") return { ...base, outcome: "ok" };
    return { ...base, outcome: "ok", ...await this.#read(response, request) };
  }

  async #read(
    response: ClientResponse,
    { url, mode }: ResourceRequest,
  ): Promise<Partial<ResourceResult>> {
    const isUnnamed = response.headers.get("content-type") === undefined;
    const kind = isUnnamed
      ? "html"
      : documentKind(response.mediaType, url.pathname, mode === "sitemap");
    if (kind === undefined || response.status === 204 || response.status === 205) {
      await drain(response);
      return {};
    }
    const maxBytes = kind === "xml" || kind === "text" ? MAX_SITEMAP_BYTES : this.#options.maxBytes;
    // Sitemaps may be compressed although the server does not say so.
    const bytes = kind === "xml"
      ? await readToEnd(await decodeBody(response, ["gzip"], maxBytes), {
        maxBytes,
        peer: url.href,
      })
      : await response.bytes(maxBytes);
    const text = decodePage(bytes, response.charset);
    // Without a media type a browser looks at the content (WHATWG MIME Sniffing §7.1).
    if (isUnnamed && !HTML.test(text)) return {};
    const document = await readDocument(
      kind,
      text,
      url.href,
      isNofollow(response.headers.all("x-robots-tag"), this.#options.token),
    );
    const links = [...headerLinks(response, url), ...document.links];
    return { bytes: bytes.length, document: { ...document, links } };
  }
}

/** The validators to send: "not modified" is of use only for a document whose links are known. */
function conditionsOf(
  method: string,
  { mode, etag, modified }: ResourceRequest,
): Pick<ResourceRequest, "etag" | "modified"> {
  return method === "HEAD" || mode === "check" ? {} : { etag, modified };
}

/** Whether fields say something about links. */
function hasLinkFields({ headers }: ClientResponse): boolean {
  return (headers.get("link") ?? headers.get("x-robots-tag")) !== undefined;
}

function headerLinks({ headers }: ClientResponse, base: URL): DocumentLink[] {
  return parseLinks(headers.all("link")).flatMap(({ target, rel }) => {
    if (rel.some((word) => word === "preconnect" || word === "dns-prefetch")) return [];
    const url = URL.canParse(target, base) ? new URL(target, base).href : undefined;
    const kind = rel.includes("stylesheet")
      ? "stylesheet"
      : rel.includes("canonical")
      ? "canonical"
      : "other";
    return [{
      kind,
      url,
      written: target,
      text: "",
      isNofollow: rel.includes("nofollow"),
      isLoaded: false,
    }];
  });
}

/** A field may begin with the name of the robot that it is for. */
function isNofollow(fields: readonly string[], token: string): boolean {
  return fields.some((field) => {
    const [, agent, rules = ""] = /^(?:\s*([\w-]+)\s*:)?(.*)$/s.exec(field.toLowerCase()) ?? [];
    const isOurs = agent === undefined || agent === token || agent === "unavailable_after";
    return isOurs && /(?:^|[\s,])(?:nofollow|none)(?:$|[\s,])/.test(rules);
  });
}
