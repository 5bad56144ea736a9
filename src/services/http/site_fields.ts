/**
 * Fields that a site adds to its answers: those of its owner, and those for scripts of other sites.
 *
 * @module
 */

import { escapeForDisplay, UsageError } from "../../net/mod.ts";
import type { HttpResponse, RequestHead } from "../../protocols/http/mod.ts";

/** Fields that the server writes itself. */
const RESERVED = new Set([
  ...["connection", "content-length", "transfer-encoding", "date", "content-encoding"],
  ...["content-range", "trailer", "upgrade", "keep-alive", "www-authenticate", "location"],
]);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Time for which a browser keeps the policy, in seconds. */
const KEEP_SECONDS = "600";

/**
 * Reads the additional header fields of a site.
 *
 * @param data The content of the YAML file: a mapping of names to texts.
 * @returns The fields.
 * @throws {UsageError} If it is something else, or a field would change the meaning of the response.
 */
export function parseFields(data: unknown): (readonly [name: string, value: string])[] {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new UsageError("a file of headers maps names to texts");
  }
  return Object.entries(data).map(([name, value]) => {
    const shown = escapeForDisplay(name);
    if (!TOKEN.test(name)) throw new UsageError(`"${shown}" is not the name of a header field`);
    if (RESERVED.has(name.toLowerCase())) {
      throw new UsageError(`${shown} is the server's own header`);
    }
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string" || !/^[\x20-\x7e]{1,2000}$/.test(text)) {
      throw new UsageError(`the header ${shown} must be one line of ASCII`);
    }
    return [name, text] as const;
  });
}

/**
 * Reads the origin whose scripts may read a site.
 *
 * @param origin Such as `https://example.org`, or `*` for all.
 * @returns Its fields.
 * @throws {UsageError} If it is none.
 */
export function corsFields(origin: string): (readonly [name: string, value: string])[] {
  if (origin === "*") return [["Access-Control-Allow-Origin", "*"]];
  if (!/^https?:\/\/[A-Za-z0-9.[\]:-]{1,300}$/.test(origin)) {
    throw new UsageError("--cors takes an origin such as https://example.org, or *");
  }
  return [["Access-Control-Allow-Origin", origin], ["Vary", "Origin"]];
}

/**
 * Answers the question of a browser whether a script may ask (Fetch standard, CORS preflight).
 *
 * @param head The request.
 * @returns Further fields of its answer; none if it asks nothing of the kind.
 */
export function preflightFields({ method, headers }: RequestHead): HttpResponse["fields"] {
  if (method !== "OPTIONS" || headers.get("access-control-request-method") === undefined) return [];
  const asked = headers.get("access-control-request-headers") ?? "";
  const names = asked.split(",").map((name) => name.trim()).filter((name) => TOKEN.test(name));
  return [
    ["Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"],
    ...names.length > 0 ? [["Access-Control-Allow-Headers", names.join(", ")] as const] : [],
    ["Access-Control-Max-Age", KEEP_SECONDS],
  ];
}
