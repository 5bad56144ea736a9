/**
 * The common part of the heads of requests and responses (RFC 9112 §5).
 *
 * @module
 */

import { toByteString, trimBlanks } from "../../../net/internal.ts";
import type { HttpHeaders } from "./headers.ts";
import { HttpError } from "./http_error.ts";

const CR = 13;
const LF = 10;
const FIELD = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/;
// deno-lint-ignore no-control-regex -- just these must not be there
const FORBIDDEN_IN_VALUE = /[\0-\x08\x0a-\x1f\x7f]/;

/** Finds CR LF CR LF from a place on; a line feed without its carriage return is refused at once. */
export function findHeadEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] !== CR) throw new HttpError(400, "a line ends without CR");
    if (at >= 3 && bytes[at - 2] === LF) return at - 3;
  }
  return -1;
}

const decoder = new TextDecoder("latin1");

/** Heads are ASCII; other bytes are allowed in values only, which are not interpreted: a character for each. */
export function decodeHead(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  // The platform means Windows-1252 by that name, in which 27 bytes are other characters.
  return BEYOND_BYTES.test(text) ? toByteString(bytes) : text;
}

// deno-lint-ignore no-control-regex -- all bytes
const BEYOND_BYTES = /[^\0-\xff]/;

/** Takes a line apart: its name in lower case, its value without the white space around it. */
export function parseField(line: string): [name: string, value: string] {
  const match = FIELD.exec(line);
  if (match === null) {
    throw new HttpError(
      400,
      /^[ \t]/.test(line) ? "a header line is folded" : "a header field is malformed",
    );
  }
  const [, name = "", value = ""] = match;
  if (FORBIDDEN_IN_VALUE.test(value)) {
    throw new HttpError(400, "a header field holds a control character");
  }
  return [name.toLowerCase(), trimBlanks(value)];
}

/** Whether the connection may go on after a message (RFC 9112 §9.3). */
export function readKeepAlive(headers: HttpHeaders, modern: boolean): boolean {
  const connection = headers.get("connection");
  if (connection === undefined) return modern;
  const options = connection.toLowerCase().split(",").map((option) => trimBlanks(option));
  return modern ? !options.includes("close") : options.includes("keep-alive");
}
