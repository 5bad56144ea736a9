/**
 * Requests of a client, and how they are written (RFC 9112 §3).
 *
 * @module
 */

import { toByteString } from "../../../net/internal.ts";
import { InjectionError, UsageError } from "../../../net/mod.ts";

/**
 * Header fields as a list; their names are written as they are. Each character of a value is one byte; a value with
 * characters beyond U+00FF is written in UTF-8.
 */
export type RequestFields = readonly (readonly [name: string, value: string])[];

/** A body that comes in pieces. */
export interface StreamedBody {
  /** How many bytes it has; undefined if that is not known: then it goes in chunks. */
  readonly bytes: number | undefined;
  /** Whether {@link StreamedBody.open} gives the same again, for redirects and logins. */
  readonly isRepeatable: boolean;
  /** Begins it. */
  open(): AsyncIterable<Uint8Array>;
}

/** A body: bytes, or pieces. */
export type RequestBody = Uint8Array | StreamedBody;

/** One request, as a transport sends it. */
export interface HttpRequest {
  /** The method, such as `GET`. */
  readonly method: string;
  /** The resource: `http:` or `https:`. */
  readonly url: URL;
  /** The fields beyond Host, Content-Length and Transfer-Encoding. */
  readonly fields: RequestFields;
  /** The body; none if absent. */
  readonly body?: RequestBody | undefined;
}

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
// deno-lint-ignore no-control-regex -- just these must not be there
const FORBIDDEN_IN_VALUE = /[\0-\x08\x0a-\x1f\x7f]/;

// deno-lint-ignore no-control-regex -- all bytes
const BEYOND_BYTES = /[^\0-\xff]/;

/** Fields that the transport writes itself. */
const OWN_FIELDS = ["content-length", "transfer-encoding"];

/** Methods whose requests have a body by their nature, if only an empty one (RFC 9110 §8.6). */
const WITH_BODY = ["POST", "PUT", "PATCH"];

/** How the head of a request is written. */
export interface RequestHeadOptions {
  /** What stands in the request line; the URL's path and query if absent. */
  readonly target?: string | undefined;
  /** More fields of the transport, such as `Proxy-Authorization`. */
  readonly more?: RequestFields | undefined;
}

/**
 * Writes the head of a request.
 *
 * @param request The request.
 * @param options What the transport adds.
 * @returns All lines, and the empty one.
 * @throws {InjectionError} If the method or a field holds what would end it.
 * @throws {UsageError} If a field is the transport's own.
 */
export function formatRequestHead(
  { method, url, fields, body }: HttpRequest,
  { target = targetOf(url), more = [] }: RequestHeadOptions = {},
): string {
  checkMethod(method);
  const hasHost = fields.some(([name]) => name.toLowerCase() === "host");
  let text = `${method} ${target} HTTP/1.1\r\n`;
  if (!hasHost) text += `Host: ${url.host}\r\n`;
  const all = [...fields, ...more];
  checkFields(all);
  for (const [name, value] of all) {
    if (OWN_FIELDS.includes(name.toLowerCase())) {
      throw new UsageError(`the field ${name} is written by the client itself`);
    }
    text += `${name}: ${BEYOND_BYTES.test(value) ? toByteString(value) : value}\r\n`;
  }
  const bytes = body instanceof Uint8Array ? body.length : body?.bytes;
  if (bytes !== undefined) text += `Content-Length: ${bytes}\r\n`;
  else if (body !== undefined) text += "Transfer-Encoding: chunked\r\n";
  else if (WITH_BODY.includes(method)) text += "Content-Length: 0\r\n";
  return `${text}\r\n`;
}

/**
 * Gives what the request line asks for.
 *
 * @param url The resource.
 * @returns Its path and query.
 */
export function targetOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}

/**
 * Checks whether a request may be sent again when the result of the first attempt is unknown (RFC 9110 §9.2.2).
 *
 * @param method The method.
 */
export function isIdempotent(method: string): boolean {
  return ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].includes(method);
}

/**
 * Checks a method.
 *
 * @param method The method.
 * @throws {InjectionError} If it is no token.
 */
export function checkMethod(method: string): void {
  if (!TOKEN.test(method)) throw refusal(`${JSON.stringify(method)} is not a method`);
}

/**
 * Checks header fields of the user.
 *
 * @param fields The fields.
 * @throws {InjectionError} If a name or a value holds what would end it.
 */
export function checkFields(fields: RequestFields): void {
  for (const [name, value] of fields) {
    if (!TOKEN.test(name)) throw refusal(`${JSON.stringify(name)} is not the name of a field`);
    if (FORBIDDEN_IN_VALUE.test(value)) {
      throw refusal(`the field ${name} holds a control character`);
    }
  }
}

function refusal(reason: string): InjectionError {
  return new InjectionError(reason, { operation: "send a request" });
}
