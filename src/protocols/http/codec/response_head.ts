/**
 * The head of a response: the status line and the header fields (RFC 9112 §4 to §6).
 *
 * @module
 */

import {
  type ByteReader,
  DisconnectedError,
  LimitError,
  ProtocolError,
  type Reader,
} from "../../../net/mod.ts";
import { trimBlanks } from "../../../net/internal.ts";
import { BodyReader } from "./body.ts";
import { decodeHead, readKeepAlive } from "./head.ts";
import { HttpHeaders } from "./headers.ts";
import { HttpError } from "./http_error.ts";
import type { BodyFraming } from "./request_head.ts";

/** How large the head of a response may be. */
export interface ResponseLimits {
  /** Most bytes of the whole head. @default {65536} */
  readonly maxHeadBytes?: number | undefined;
  /** Most header fields. @default {1000} */
  readonly maxFields?: number | undefined;
  /** Called with each provisional response (1xx). */
  readonly onProvisional?: ((head: ResponseHead) => void) | undefined;
}

/** Most ends of lines before a response. */
const MAX_BLANKS = 100;
/** Most provisional responses before the final one. */
const MAX_PROVISIONAL = 100;

/** A response without its body. */
export interface ResponseHead {
  /** The status code, 100 to 999; those over 599 are not standard. */
  readonly status: number;
  /** The reason phrase; may be empty, and is not to be trusted. */
  readonly reason: string;
  /** Whether it is HTTP/1.1 or later, not 1.0. */
  readonly modern: boolean;
  /** The header fields. */
  readonly headers: HttpHeaders;
  /** Where the body ends. */
  readonly framing: BodyFraming;
  /** Whether the connection may go on after the body (RFC 9112 §9.3). */
  readonly keepAlive: boolean;
}

const CR = 13;
const LF = 10;
const STATUS_LINE = /^HTTP\/1\.(\d) ([1-9]\d\d)(?:[ \t]([^\r\n]*))?$/;
const FIELD = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*:(.*)$/;

/**
 * Reads the head of the next response; those that are only provisional (1xx) are passed over. What old and careless
 * servers write is understood: lines that end with LF alone, folded ones, blanks before a colon, both length fields. After
 * most of them the connection does not go on, so that nothing can be taken for another response.
 *
 * @param reader The connection; afterwards it is behind the head.
 * @param method The request's method: what answers HEAD has no body.
 * @param limits How large it may be.
 * @returns The head, or undefined if the server closed before it began one.
 * @throws {ProtocolError} If it is none; the connection cannot go on.
 * @throws {LimitError} If it is too large.
 * @throws {DisconnectedError} If the server closed within it.
 *
 * @example An answer from memory
 * ```ts
 * import { ByteReader } from "@netwright/netwright/net";
 * import { readResponseHead } from "./response_head.ts";
 * const bytes = new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
 * const reader = new ByteReader({
 *   read(p) {
 *     p.set(bytes);
 *     return Promise.resolve(bytes.length);
 *   },
 * });
 * const head = await readResponseHead(reader, "GET");
 * if (head?.status !== 200 || head.framing.kind !== "length") throw new Error();
 * ```
 */
export async function readResponseHead(
  reader: ByteReader,
  method: string,
  limits: ResponseLimits = {},
): Promise<ResponseHead | undefined> {
  const { maxHeadBytes = 65_536 } = limits;
  let provisional = 0;
  let blanks = 0;
  for (let scanned = 0;;) {
    let bytes = reader.available;
    // A careless server ends its last body with one empty line too many.
    if (scanned === 0) {
      let blank = 0;
      while (bytes[blank] === CR || bytes[blank] === LF) blank++;
      reader.consume(blank);
      bytes = reader.available;
      if ((blanks += blank) > MAX_BLANKS) throw fault("the status line is missing");
    }
    const [end, next] = findHeadEnd(bytes, scanned);
    if (end > maxHeadBytes || (end < 0 && bytes.length > maxHeadBytes)) {
      throw new LimitError(`the head is larger than ${maxHeadBytes} bytes`, {
        operation: "read a response",
        limit: maxHeadBytes,
      });
    }
    if (end >= 0) {
      const text = decodeHead(bytes.subarray(0, end));
      reader.consume(next);
      const head = parseResponseHead(text, method, limits);
      if (head.status >= 200 || head.status === 101) return head;
      limits.onProvisional?.(head);
      if (++provisional > MAX_PROVISIONAL) {
        throw new LimitError(`there are more than ${MAX_PROVISIONAL} provisional responses`, {
          operation: "read a response",
          limit: MAX_PROVISIONAL,
        });
      }
      scanned = 0;
      continue;
    }
    scanned = Math.max(0, bytes.length - 3);
    if (await reader.fill()) continue;
    if (bytes.length === 0) return undefined;
    throw new DisconnectedError("the connection ended within the head", {
      operation: "read a response",
    });
  }
}

/** Where the last line of a head ends, and where its body begins; -1 if it is not there yet. */
function findHeadEnd(bytes: Uint8Array, from: number): [end: number, next: number] {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const gap = bytes[at + 1] === CR ? 1 : 0;
    if (bytes[at + 1 + gap] === LF) return [bytes[at - 1] === CR ? at - 1 : at, at + 2 + gap];
  }
  return [-1, -1];
}

/**
 * Parses a head.
 *
 * @param text All lines but the empty one.
 * @param method The request's method.
 * @param limits How large its parts may be.
 * @returns The head.
 * @throws {ProtocolError} If it is none.
 */
export function parseResponseHead(
  text: string,
  method: string,
  { maxFields = 1000 }: ResponseLimits = {},
): ResponseHead {
  const [first = "", ...lines] = text.split(/\r?\n/);
  const match = STATUS_LINE.exec(first);
  if (match === null) throw fault("the status line is malformed");
  if (text.includes("\0")) throw fault("a header field holds a NUL");
  if (lines.length > maxFields) {
    throw new LimitError("there are too many header fields", {
      operation: "read a response",
      limit: maxFields,
    });
  }
  const modern = match[1] !== "0";
  const status = Number(match[2]);
  const { fields, isClean } = parseFields(lines);
  const headers = new HttpHeaders(fields);
  const { framing, isCertain } = readFraming(headers, status, method);
  const isClear = isClean && isCertain && lines.length + 1 === text.split("\r\n").length;
  const keepAlive = framing.kind !== "rest" && isClear && readKeepAlive(headers, modern);
  return { status, reason: match[3] ?? "", modern, headers, framing, keepAlive };
}

/** Reads fields; a line that is none is left out. */
function parseFields(lines: readonly string[]): { fields: [string, string][]; isClean: boolean } {
  const fields: [string, string][] = [];
  let isClean = true;
  for (const line of lines) {
    const last = fields.at(-1);
    const match = FIELD.exec(line);
    if (/^[ \t]/.test(line) && last !== undefined) last[1] += ` ${trimBlanks(line)}`;
    else if (match !== null) fields.push([match[1]!.toLowerCase(), trimBlanks(match[2]!)]);
    else isClean = false;
  }
  return { fields, isClean };
}

/** Where the body ends (RFC 9112 §6.3); a length that could be read in two ways is refused. */
function readFraming(
  headers: HttpHeaders,
  status: number,
  method: string,
): { framing: BodyFraming; isCertain: boolean } {
  const none = { framing: { kind: "none" }, isCertain: true } as const;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return none;
  if (method === "CONNECT" && status < 300) return none;
  const lengths = new Set(
    headers.all("content-length").flatMap((value) => value.split(",")).map((one) =>
      trimBlanks(one)
    ),
  );
  const codings = headers.all("transfer-encoding").join(",").toLowerCase();
  if (codings !== "" && codings !== "identity") {
    if (codings !== "chunked") throw fault("a transfer coding is not known");
    return { framing: { kind: "chunked" }, isCertain: lengths.size === 0 };
  }
  if (lengths.size > 1) throw fault("the Content-Length fields differ");
  const [length] = lengths;
  if (length === undefined) return { framing: { kind: "rest" }, isCertain: true };
  if (!/^\d{1,15}$/.test(length)) throw fault("Content-Length is not a number");
  const bytes = Number(length);
  return bytes === 0 ? none : { framing: { kind: "length", bytes }, isCertain: true };
}

/**
 * Reads the body of a response.
 *
 * @param reader The connection, behind the head; afterwards it is behind the body.
 * @param head The head.
 * @returns Reads it; what it throws is a {@link ProtocolError} or a {@link DisconnectedError}.
 */
export function responseBody(
  reader: ByteReader,
  { framing }: Pick<ResponseHead, "framing">,
): Reader & { readonly ended: boolean } {
  const body = new BodyReader(reader, framing, Infinity, true);
  return {
    get ended() {
      return body.ended;
    },
    async read(p) {
      try {
        return await body.read(p);
      } catch (error) {
        throw error instanceof HttpError ? fault(error.reason) : error;
      }
    },
  };
}

function fault(reason: string): ProtocolError {
  return new ProtocolError(reason, { operation: "read a response" });
}
