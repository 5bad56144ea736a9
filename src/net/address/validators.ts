/**
 * Validators of `Tainted` values: each returns a value that is safe for its use, or throws.
 *
 * @module
 */

import { escapeControls } from "../core/escape_controls.ts";
import { InjectionError } from "../core/errors.ts";
import { parseIp } from "./ip.ts";

/**
 * Validator for display: controls become visible escapes.
 *
 * @param text Any text.
 * @returns One line that is safe in a terminal and a log, 1000 characters at most.
 *
 * @example An escape sequence
 * ```ts
 * import { escapeForDisplay, Tainted } from "@netwright/netwright/net";
 * if (new Tainted("\x1b[2J").forDisplay() !== "\\x1b[2J") throw new Error("not clean");
 * ```
 */
export function escapeForDisplay(text: string): string {
  return escapeControls(text, { maxLength: 1000 });
}

/**
 * Validator for a sink that escapes whatever it is given, such as JSON or another program's standard input.
 *
 * @param text Any text.
 * @returns The text, unchanged.
 */
export function verbatim(text: string): string {
  return text;
}

/**
 * Validator for text in one line of a command or a header.
 *
 * @param text Any text.
 * @returns The text, unchanged.
 * @throws {InjectionError} If it holds CR, LF or NUL.
 */
export function singleLine(text: string): string {
  const found = /[\r\n\0]/.exec(text)?.[0];
  if (found === undefined) return text;
  const name = found === "\r" ? "CR" : found === "\n" ? "LF" : "NUL";
  throw refusal(`it holds ${name}`);
}

/**
 * Validator for a word, such as a keyword or a capability: letters, digits and a few marks.
 *
 * @param text Any text.
 * @returns The word in upper case.
 * @throws {InjectionError} If it is none, or longer than 128 characters.
 */
export function asKeyword(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._+=/-]{0,127}$/.test(text)) return text.toUpperCase();
  throw refusal("it is not a keyword");
}

/**
 * Makes a validator for a whole number.
 *
 * @param max The largest that is taken. @default {Number.MAX_SAFE_INTEGER}
 * @returns A validator that gives the number, and throws an `InjectionError` for anything but digits.
 */
export function parseInteger(max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (number <= max) return number;
    throw refusal(`it must be a whole number up to ${max}`);
  };
}

/**
 * Validator for the name or address of a host. Whether it may be gone to, a `DestinationGate` decides.
 *
 * @param text Any text.
 * @returns The name in lower case, without a final dot.
 * @throws {InjectionError} If it is neither a host name (RFC 1123 §2.1) nor an address.
 */
export function asHost(text: string): string {
  if (text.length <= 254 && parseIp(text) !== undefined) return text.toLowerCase();
  const name = text.toLowerCase().replace(/\.$/, "");
  const labels = name.split(".");
  const good = name.length <= 253 &&
    labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  // What ends in digits would be taken for an address by some resolvers (WHATWG URL, "ends in a number").
  if (good && !/^\d+$|^0x[0-9a-f]*$/.test(labels.at(-1)!)) return name;
  throw refusal("it is not a host name");
}

function refusal(reason: string): InjectionError {
  return new InjectionError(reason, { operation: "use the peer's text" });
}
