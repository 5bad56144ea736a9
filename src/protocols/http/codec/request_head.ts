/**
 * The head of a request: the request line and the header fields (RFC 9112 §2 to §5).
 *
 * Whatever two programs could read differently is refused, because that is how requests are smuggled past
 * one of them: bare LF, folded lines, white space before a colon, both length fields.
 *
 * @module
 */

import type { ByteReader } from "../../../net/mod.ts";
import { decodeHead, findHeadEnd, parseField, readKeepAlive } from "./head.ts";
import { HttpHeaders } from "./headers.ts";
import { HttpError } from "./http_error.ts";

/** How large the parts of a request's head may be. */
export interface RequestLimits {
  /** Longest target, in bytes. @default {8000} */
  readonly maxTargetBytes?: number | undefined;
  /** Most bytes of the whole head. @default {16384} */
  readonly maxHeadBytes?: number | undefined;
  /** Most header fields. @default {100} */
  readonly maxFields?: number | undefined;
  /** Longest time from the first byte of a head to its last, in milliseconds. @default {30_000} */
  readonly maxHeadMs?: number | undefined;
}

/** How the body of a message is delimited (RFC 9112 §6); `rest` is a response's, up to the end. */
export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "rest" };

/** A request without its body. */
export interface RequestHead {
  /** The method, as written: `GET`. */
  readonly method: string;
  /** Path and query, as written: `/a?b`; `*` for the whole server, `host:port` for CONNECT. */
  readonly target: string;
  /** Whether it is HTTP/1.1 or later, not 1.0. */
  readonly modern: boolean;
  /** The header fields. */
  readonly headers: HttpHeaders;
  /** The requested host, in lower case; empty if an old client did not send it. */
  readonly host: string;
  /** Where the body ends. */
  readonly framing: BodyFraming;
  /** Whether the connection may go on after the answer (RFC 9112 §9.3). */
  readonly keepAlive: boolean;
}

const CR = 13;
const LF = 10;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([!-~]+) HTTP\/(\d)\.(\d)$/;
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d{0,5})?$/i;

/**
 * Reads the head of the next request.
 *
 * @param reader The connection; afterwards it is behind the head.
 * @param limits How large it may be.
 * @returns The head, or undefined if the client closed before it began one.
 * @throws {HttpError} If it is none, or too large; the connection cannot go on.
 * @throws {DisconnectedError} If the client closed within it.
 */
export async function readRequestHead(
  reader: ByteReader,
  limits: RequestLimits = {},
): Promise<RequestHead | undefined> {
  const { maxHeadBytes = 16_384, maxHeadMs = 30_000 } = limits;
  let scanned = 0;
  let begun = 0;
  let skipped = false;
  while (true) {
    let bytes = reader.available;
    // A careless client may end its last body with one empty line too many (RFC 9112 §2.2).
    if (!skipped && bytes[0] === CR && bytes[1] === LF) {
      skipped = true;
      reader.consume(2);
      bytes = reader.available;
    }
    const end = findHeadEnd(bytes, scanned);
    if (end >= 0 && end <= maxHeadBytes) {
      const text = decodeHead(bytes.subarray(0, end));
      reader.consume(end + 4);
      return parseRequestHead(text, limits);
    }
    if (bytes.length > maxHeadBytes) throw tooLarge(bytes, limits);
    scanned = Math.max(0, bytes.length - 3);
    // A byte per second is not silence, yet must not hold a connection for ever.
    if (begun === 0 && bytes.length > 0) begun = performance.now();
    else if (begun > 0 && performance.now() - begun > maxHeadMs) {
      throw new HttpError(408, "the head took too long");
    }
    if (!await reader.fill()) {
      if (bytes.length === 0) return undefined;
      throw new HttpError(400, "the connection ended within the head");
    }
  }
}

function tooLarge(bytes: Uint8Array, { maxTargetBytes = 8000 }: RequestLimits): HttpError {
  const line = bytes.indexOf(LF);
  return line < 0 || line > maxTargetBytes + 50
    ? new HttpError(414, "the target is too long")
    : new HttpError(431, "the header fields are too large");
}

/**
 * Parses a head.
 *
 * @param text All lines but the empty one, with CRLF between.
 * @param limits How large its parts may be.
 * @returns The head.
 * @throws {HttpError} If it is none.
 */
export function parseRequestHead(text: string, limits: RequestLimits = {}): RequestHead {
  const { maxTargetBytes = 8000, maxFields = 100 } = limits;
  const [first = "", ...lines] = text.split("\r\n");
  const match = REQUEST_LINE.exec(first);
  if (match === null) throw new HttpError(400, "the request line is malformed");
  const [, method = "", target = "", major, minor] = match;
  if (major !== "1") throw new HttpError(505, "only HTTP/1 is spoken here");
  if (target.length > maxTargetBytes) throw new HttpError(414, "the target is too long");
  if (lines.length > maxFields) throw new HttpError(431, "there are too many header fields");
  const headers = new HttpHeaders(lines.map(parseField));
  const modern = minor !== "0";
  const { path, authority } = splitTarget(method, target);
  return {
    method,
    target: path,
    modern,
    headers,
    host: authority ?? readHost(headers, modern),
    framing: readFraming(headers, modern),
    keepAlive: readKeepAlive(headers, modern),
  };
}

/** The four forms of a target (RFC 9112 §3.2). */
function splitTarget(
  method: string,
  target: string,
): { readonly path: string; readonly authority?: string } {
  if (method === "CONNECT") {
    if (!/^[^/?#@]+:\d{1,5}$/.test(target)) throw new HttpError(400, "the target is malformed");
    return { path: target };
  }
  if (target.startsWith("/")) {
    if (target.includes("#")) throw new HttpError(400, "the target has a fragment");
    return { path: target };
  }
  if (target === "*" && method === "OPTIONS") return { path: target };
  const absolute = /^https?:\/\/([^/?#@]+)([/?][^#]*)?$/i.exec(target);
  if (absolute === null) throw new HttpError(400, "the target is malformed");
  const [, authority = "", path = "/"] = absolute;
  if (!HOST.test(authority)) throw new HttpError(400, "the host is malformed");
  return {
    path: path.startsWith("/") ? path : `/${path}`,
    authority: authority.toLowerCase(),
  };
}

/** One host, no more and no less (RFC 9112 §3.2). */
function readHost(headers: HttpHeaders, modern: boolean): string {
  const hosts = headers.all("host");
  if (hosts.length > 1) throw new HttpError(400, "there are several Host fields");
  const [host] = hosts;
  if (host === undefined && modern) throw new HttpError(400, "the Host field is missing");
  if (host !== undefined && !HOST.test(host)) throw new HttpError(400, "the host is malformed");
  return (host ?? "").toLowerCase();
}

/** Where the body ends; anything that could be read in two ways is refused (RFC 9112 §6.3). */
function readFraming(headers: HttpHeaders, modern: boolean): BodyFraming {
  const lengths = headers.all("content-length");
  const codings = headers.all("transfer-encoding");
  if (codings.length > 0) {
    if (lengths.length > 0) throw new HttpError(400, "both length fields are there");
    if (!modern) throw new HttpError(400, "HTTP/1.0 has no transfer codings");
    if (codings.length > 1) throw new HttpError(400, "there are several Transfer-Encoding fields");
    const coding = codings[0]!.toLowerCase();
    if (coding === "chunked") return { kind: "chunked" };
    throw /(?:^|,)[ \t]*chunked[ \t]*$/.test(coding) && coding.split("chunked").length === 2
      ? new HttpError(501, "a transfer coding is not known")
      : new HttpError(400, "the transfer codings do not end with chunked");
  }
  if (lengths.length === 0) return { kind: "none" };
  if (lengths.length > 1) throw new HttpError(400, "there are several Content-Length fields");
  if (!/^\d{1,15}$/.test(lengths[0]!)) throw new HttpError(400, "Content-Length is not a number");
  const bytes = Number(lengths[0]);
  return bytes === 0 ? { kind: "none" } : { kind: "length", bytes };
}
