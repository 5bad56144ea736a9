/**
 * Redirects (RFC 9110 §15.4).
 *
 * @module
 */

import { ProtocolError } from "../../../net/mod.ts";
import type { HttpHeaders } from "../codec/headers.ts";
import type { RequestBody, RequestFields } from "../transport/http_request.ts";

/** Fields of the user's that go to another origin too; all others may be secrets. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...["accept", "accept-charset", "accept-encoding", "accept-language", "user-agent", "dnt"],
  ...["cache-control", "pragma", "range", "if-range", "if-match", "if-none-match"],
  ...["if-modified-since", "if-unmodified-since", "content-type", "content-encoding"],
  ...["content-language", "content-disposition"],
]);

/** A request, as far as a redirect changes it. */
export interface RedirectedRequest {
  /** The method. */
  readonly method: string;
  /** The resource. */
  readonly url: URL;
  /** The user's fields. */
  readonly fields: RequestFields;
  /** The body. */
  readonly body: RequestBody | undefined;
}

/**
 * Finds out where a response leads.
 *
 * @param status Its status code.
 * @param headers Its fields.
 * @param base The resource that it came from; its fragment is kept unless there is another.
 * @returns The resource; undefined if it leads nowhere.
 * @throws {ProtocolError} If it leads to something that is not `http:` or `https:`, or to two places.
 *
 * @example A relative one
 * ```ts
 * import { HttpHeaders } from "@netwright/netwright/http";
 * import { locationOf } from "./redirect.ts";
 * const headers = new HttpHeaders([["location", "b c"]]);
 * const url = locationOf(302, headers, new URL("http://a.example/x/y#part"));
 * if (url?.href !== "http://a.example/x/b%20c#part") throw new Error(url?.href);
 * ```
 */
export function locationOf(status: number, headers: HttpHeaders, base: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const given = new Set(headers.all("location"));
  if (given.size > 1) throw fault("it leads to several places at once", base);
  const [text = ""] = given;
  // Nothing is no place: the response stands for itself.
  if (text === "") return undefined;
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  let url: URL;
  try {
    url = new URL(decodeUtf8(bytes) ?? escapeBytes(bytes), base);
  } catch {
    throw fault("it leads to something that is no URL", base);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw fault(`it leads to a resource of ${url.protocol}`, base);
  }
  if (url.hash === "") url.hash = base.hash;
  return url;
}

/**
 * Makes the request that follows a redirect. Another origin gets neither credentials nor any field that may be one.
 *
 * @param request The request before.
 * @param status The status code of its response.
 * @param url Where it leads.
 * @returns The next request.
 */
export function redirected(
  request: RedirectedRequest,
  status: number,
  url: URL,
): RedirectedRequest {
  const { method } = request;
  const becomesGet = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
  const isElsewhere = url.origin !== request.url.origin;
  const target = new URL(url);
  // What a server writes there is nobody's password.
  target.username = target.password = "";
  return {
    method: becomesGet ? "GET" : method,
    url: target,
    fields: request.fields.filter(([name]) => {
      const key = name.toLowerCase();
      if (becomesGet && key.startsWith("content-")) return false;
      return key !== "host" && (!isElsewhere || HARMLESS.has(key));
    }),
    body: becomesGet ? undefined : request.body,
  };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Other bytes stand for themselves, as browsers read them. */
function escapeBytes(bytes: Uint8Array): string {
  return Array.from(
    bytes,
    (byte) => byte < 128 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase()}`,
  ).join("");
}

function fault(reason: string, base: URL): ProtocolError {
  return new ProtocolError(`the redirect is not followed: ${reason}`, {
    operation: "follow a redirect",
    peer: base.href,
  });
}
