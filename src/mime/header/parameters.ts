/**
 * Fields of a value with parameters: Content-Type, Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231).
 *
 * @module
 */

import { InjectionError } from "../../net/mod.ts";
import { FieldScanner } from "./_field_scanner.ts";
import { decodeCharset } from "../coding/charset.ts";
import { decodeWords } from "./encoded_word.ts";

/** A value with its parameters. */
export interface ParameterizedField {
  /** The value in lower case: `text/plain`, `attachment`; empty if there is none. */
  readonly value: string;
  /** Parameters by their names in lower case, each decoded. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Ambiguities that another reader might resolve differently, in a few words each. */
  readonly defects: readonly string[];
}

/** Most parts of a parameter that are joined (RFC 2231 §3). */
const MAX_PARTS = 1000;

/** Maximum number of reported defects. */
const MAX_DEFECTS = 20;

/** One parameter as written. */
interface RawParameter {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
}

/**
 * Reads a value with parameters, as tolerantly as mail needs it: lost semicolons and quotes, comments anywhere,
 * continuations in any order, encoded words where they are not allowed.
 *
 * @param text The field's value, unfolded.
 * @returns The value, the parameters, and the defects.
 *
 * @example RFC 2231 §4.1
 * ```ts
 * import { parseParameters } from "@netwright/netwright/mime";
 * const { parameters } = parseParameters(
 *   "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; " +
 *     "title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
 * );
 * if (parameters.get("title") !== "This is even more ***fun*** isn't it!") throw new Error("lost");
 * ```
 */
export function parseParameters(text: string): ParameterizedField {
  const scanner = new FieldScanner(text);
  scanner.skipBlank();
  const value = (scanner.quotedString() ?? scanner.until(' \t\r\n;("')).toLowerCase();
  const defects: string[] = [];
  const raw: RawParameter[] = [];
  while (!scanner.atEnd) {
    const start = scanner.at;
    scanner.skipBlank();
    while (scanner.take(";")) scanner.skipBlank();
    if (scanner.atEnd) break;
    const parameter = readParameter(scanner, defects);
    if (parameter !== undefined) raw.push(parameter);
    else if (scanner.at === start) scanner.at++;
  }
  return { value, parameters: joined(raw, defects), defects };
}

function readParameter(scanner: FieldScanner, defects: string[]): RawParameter | undefined {
  const name = scanner.until(' \t\r\n=;("').toLowerCase();
  scanner.skipBlank();
  if (!scanner.take("=")) {
    note(defects, "a parameter without a value");
    if (name === "" && scanner.next !== ";") scanner.at++;
    return undefined;
  }
  scanner.skipBlank();
  const quoted = scanner.quotedString();
  if (quoted !== undefined) return { name, value: quoted, quoted: true };
  return { name, value: readBare(scanner, defects), quoted: false };
}

/** A value without quotes. It continues over white space if no other parameter begins there. */
function readBare(scanner: FieldScanner, defects: string[]): string {
  let value = scanner.until(" \t\r\n;(");
  while (!scanner.atEnd && scanner.next !== ";") {
    const start = scanner.at;
    scanner.skipBlank();
    if (scanner.atEnd || scanner.next === ";") break;
    const beginsParameter = PARAMETER.test(scanner.text.slice(scanner.at, scanner.at + 80));
    if (beginsParameter || scanner.text[start] === "(" && scanner.at === start) {
      note(defects, "parameters without a semicolon between");
      break;
    }
    note(defects, "white space in a value without quotes");
    value += scanner.text.slice(start, scanner.at) + scanner.until(" \t\r\n;(");
  }
  return value;
}

const PARAMETER = /^[a-z0-9*-]+=[^=]/i;

/** Joins what RFC 2231 took apart; the first of each name counts. */
function joined(raw: readonly RawParameter[], defects: string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  const parts = new Map<string, Map<number, { text: string; coded: boolean }>>();
  const extended = new Map<string, string>();
  for (const { name, value, quoted } of raw) {
    const [, base = name, index, star] = CONTINUED.exec(name) ?? [];
    if (index !== undefined) {
      if (Number(index) >= MAX_PARTS) note(defects, "a parameter in too many parts");
      else {
        const list = parts.get(base) ?? new Map();
        if (list.has(Number(index))) note(defects, `${base}: a part twice`);
        else list.set(Number(index), { text: value, coded: star === "*" });
        parts.set(base, list);
      }
    } else if (star === "*") {
      if (extended.has(base)) note(defects, `${base}: twice`);
      else extended.set(base, decodeExtended([{ text: value, coded: true }]));
    } else if (parameters.has(base)) {
      if (parameters.get(base) !== value) note(defects, `${base}: twice`);
    } else if (base === "boundary") parameters.set(base, value);
    else {
      const decoded = decodeWords(value);
      if (quoted && decoded !== value) note(defects, `${base}: an encoded word in quotes`);
      parameters.set(base, decoded.replaceAll(/[\r\n\0]/g, " "));
    }
  }
  for (const [base, list] of parts) {
    if (extended.has(base)) continue;
    const pieces: { text: string; coded: boolean }[] = [];
    for (let index = 0; list.has(index); index++) pieces.push(list.get(index)!);
    if (pieces.length < list.size) note(defects, `${base}: a part is missing`);
    if (pieces.length > 0) extended.set(base, decodeExtended(pieces));
  }
  for (const [base, value] of extended) {
    // Where both are written, the plain one is for those who cannot read the other.
    if (base === "boundary") {
      note(defects, "boundary: written as RFC 2231 has it");
      if (parameters.has(base)) continue;
    }
    parameters.set(base, value);
  }
  return parameters;
}

const CONTINUED = /^([^*]+)(?:\*(\d{1,9}))?(\*)?$/;

function decodeExtended(pieces: readonly { text: string; coded: boolean }[]): string {
  let charset: string | undefined;
  const bytes: number[] = [];
  pieces.forEach(({ text, coded }, index) => {
    let rest = text;
    const head = index === 0 && coded ? /^([^']*)'[^']*'/.exec(text) : null;
    if (head !== null) {
      charset = head[1]!;
      rest = text.slice(head[0].length);
    }
    for (const byte of coded ? percentDecoded(rest) : new TextEncoder().encode(rest)) {
      bytes.push(byte);
    }
  });
  return decodeCharset(Uint8Array.from(bytes), charset).text.replace(/[\r\n\0]+/g, " ");
}

function percentDecoded(text: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < text.length;) {
    const digits = /^%([0-9a-f]{2})/i.exec(text.slice(at, at + 3))?.[1];
    if (digits !== undefined) {
      bytes.push(parseInt(digits, 16));
      at += 3;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at)!);
    bytes.push(...new TextEncoder().encode(character));
    at += character.length;
  }
  return bytes;
}

function note(defects: string[], defect: string): void {
  if (defects.length < MAX_DEFECTS && !defects.includes(defect)) defects.push(defect);
}

/** Longest part of a parameter's value. */
const PART = 60;

/**
 * Writes a value with parameters: each as a token, in quotes, or as RFC 2231 has it, in parts if it is long.
 *
 * @param value The value, such as `text/plain`.
 * @param parameters Names and values.
 * @returns The field's value, with a line break wanted before each parameter: pieces to be joined by `; `.
 * @throws {InjectionError} If the value or a name is none.
 */
export function formatParameters(
  value: string,
  parameters: Iterable<readonly [string, string]>,
): string[] {
  if (!/^[\w!#$%&'*+.^`{|}~-]+(?:\/[\w!#$%&'*+.^`{|}~-]+)?$/.test(value)) {
    throw new InjectionError(`${JSON.stringify(value.slice(0, 100))} is not the value of a field`, {
      operation: "write a field",
    });
  }
  const pieces = [value];
  for (const [name, text] of parameters) {
    if (!/^[\w!#$&+.^`{|}~-]+$/.test(name)) {
      throw new InjectionError(
        `${JSON.stringify(name.slice(0, 100))} is not the name of a parameter`,
        {
          operation: "write a field",
        },
      );
    }
    pieces.push(...formatParameter(name, text.toWellFormed()));
  }
  return pieces;
}

function formatParameter(name: string, text: string): string[] {
  if (text.length <= PART && /^[\w!#$&+.^`{|}~-]+$/.test(text)) return [`${name}=${text}`];
  if (text.length <= PART && /^[\x20-\x7e]*$/.test(text) && !text.includes("=?")) {
    return [`${name}="${text.replace(/["\\]/g, "\\$&")}"`];
  }
  const parts: string[] = [];
  let part = "";
  for (const character of text) {
    const coded = percentCoded(character);
    if (part.length + coded.length > PART) {
      parts.push(part);
      part = "";
    }
    part += coded;
  }
  parts.push(part);
  if (parts.length === 1) return [`${name}*=utf-8''${part}`];
  return parts.map((part, index) => `${name}*${index}*=${index === 0 ? "utf-8''" : ""}${part}`);
}

function percentCoded(character: string): string {
  if (/^[\w!#$&+.^`{|}~-]$/.test(character)) return character;
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
