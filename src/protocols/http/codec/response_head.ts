/**
 * The head of a response: the status line and the header fields (RFC 9112 §4 to §6).
 *
 * @module
 */

import { type ByteReader, DisconnectedError, LimitError, ProtocolError } from "../../../net/mod.ts";
import { readBody } from "./body.ts";
import { decodeHead, findHeadEnd, parseField, readKeepAlive } from "./head.ts";
import { HttpHeaders } from "./headers.ts";
import { HttpError } from "./http_error.ts";
import type { BodyFraming } from "./request_head.ts";

/** How large the head of a response may be. */
export interface ResponseLimits {
  /** Most bytes of the whole head. @default {65536} */
  readonly maxHeadBytes?: number | undefined;
  /** Most header fields. @default {200} */
  readonly maxFields?: number | undefined;
}

/** A response without its body. */
export interface ResponseHead {
  /** The status code, 100 to 599. */
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

const STATUS_LINE = /^HTTP\/1\.(\d) ([1-5]\d\d)(?: ([\t -~\x80-\xff]*))?$/;

/**
 * Reads the head of the next response; those that are only provisional (1xx) are passed over.
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
  for (let scanned = 0;;) {
    const bytes = reader.available;
    const end = refusing(() => findHeadEnd(bytes, scanned));
    if (end > maxHeadBytes || (end < 0 && bytes.length > maxHeadBytes)) {
      throw new LimitError(`the head is larger than ${maxHeadBytes} bytes`, {
        operation: "read a response",
        limit: maxHeadBytes,
      });
    }
    if (end >= 0) {
      const text = decodeHead(bytes.subarray(0, end));
      reader.consume(end + 4);
      const head = parseResponseHead(text, method, limits);
      if (head.status >= 200 || head.status === 101) return head;
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

/**
 * Parses a head.
 *
 * @param text All lines but the empty one, with CRLF between.
 * @param method The request's method.
 * @param limits How large its parts may be.
 * @returns The head.
 * @throws {ProtocolError} If it is none.
 */
export function parseResponseHead(
  text: string,
  method: string,
  { maxFields = 200 }: ResponseLimits = {},
): ResponseHead {
  const [first = "", ...lines] = text.split("\r\n");
  const match = STATUS_LINE.exec(first);
  if (match === null) throw fault("the status line is malformed");
  if (lines.length > maxFields) {
    throw new LimitError("there are too many header fields", {
      operation: "read a response",
      limit: maxFields,
    });
  }
  const modern = match[1] !== "0";
  const status = Number(match[2]);
  const headers = new HttpHeaders(refusing(() => lines.map(parseField)));
  const framing = readFraming(headers, status, method, modern);
  const keepAlive = framing.kind !== "rest" && readKeepAlive(headers, modern);
  return { status, reason: match[3] ?? "", modern, headers, framing, keepAlive };
}

/** Where the body ends (RFC 9112 §6.3); a length that could be read in two ways is refused. */
function readFraming(
  headers: HttpHeaders,
  status: number,
  method: string,
  modern: boolean,
): BodyFraming {
  const lengths = new Set(headers.all("content-length"));
  const codings = headers.all("transfer-encoding").join(",").toLowerCase();
  if (lengths.size > 1) throw fault("the Content-Length fields differ");
  const [length] = lengths;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw fault("Content-Length is not a number");
  }
  if (codings !== "" && length !== undefined) throw fault("both length fields are there");
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) {
    return { kind: "none" };
  }
  if (codings !== "") {
    if (!modern) throw fault("HTTP/1.0 has no transfer codings");
    if (codings !== "chunked") throw fault("a transfer coding is not known");
    return { kind: "chunked" };
  }
  if (length === undefined) return { kind: "rest" };
  const bytes = Number(length);
  return bytes === 0 ? { kind: "none" } : { kind: "length", bytes };
}

/**
 * Reads the body of a response.
 *
 * @param reader The connection, behind the head; afterwards it is behind the body.
 * @param head The head.
 * @param maxBytes The largest body that is read.
 * @returns Pieces, each valid until the next is asked for.
 * @throws {ProtocolError} If it is malformed or too large; the connection cannot go on.
 * @throws {DisconnectedError} If the server closed within it.
 */
export async function* readResponseBody(
  reader: ByteReader,
  { framing }: Pick<ResponseHead, "framing">,
  maxBytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  try {
    yield* readBody(reader, framing, maxBytes);
  } catch (error) {
    throw asFault(error);
  }
}

/** The head of a request is refused with a status, the head of a response just so. */
function refusing<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw asFault(error);
  }
}

function asFault(error: unknown): unknown {
  return error instanceof HttpError ? fault(error.reason) : error;
}

function fault(reason: string): ProtocolError {
  return new ProtocolError(reason, { operation: "read a response" });
}
