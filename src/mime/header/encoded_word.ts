/**
 * Encoded words: text of any language in a header of ASCII (RFC 2047, RFC 2231 §5).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { toBase64 } from "../coding/bytes.ts";
import { decodeBase64Text } from "../coding/base64.ts";
import { decodeCharset } from "../coding/charset.ts";

/** One encoded word. */
interface Word {
  readonly charset: string;
  readonly encoding: "b" | "q";
  readonly text: string;
  /** Where it ends. */
  readonly end: number;
}

/**
 * Decodes the encoded words of an unstructured field, a phrase or a comment, and leaves everything else.
 *
 * Words of every broken form that real mail has are taken: amid text, with white space or question marks inside,
 * without their end, cut within a character or a base64 group, in an unknown charset. Line breaks and NUL that
 * were hidden in a word become spaces, so that the text stays one line.
 *
 * @param text The field, unfolded.
 * @returns The text as its writer saw it.
 *
 * @example RFC 2047 §8
 * ```ts
 * import { decodeWords } from "@netwright/netwright/mime";
 * const text = decodeWords("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?_b?=");
 * if (text !== "a b") throw new Error(text);
 * ```
 */
export function decodeWords(text: string): string {
  let next = text.indexOf("=?");
  if (next < 0) return text;
  let result = "";
  let at = 0;
  let run: Word[] = [];
  const search = { open: true };
  while (next >= 0) {
    const word = wordAt(text, next, search);
    if (word === undefined) {
      next = text.indexOf("=?", next + 2);
      continue;
    }
    const between = text.slice(at, next);
    // White space between two words is there for the line's length only.
    if (run.length === 0 || !/^[ \t\r\n]*$/.test(between)) {
      result += decodeRun(run) + between;
      run = [];
    }
    run.push(word);
    at = word.end;
    next = text.indexOf("=?", at);
  }
  // A word may hold anything; text on one line has no such characters.
  return (result + decodeRun(run) + text.slice(at)).replaceAll(/[\r\n\0]/g, " ");
}

/** Reads the word that begins at a place, if one does. */
function wordAt(text: string, start: number, search: { open: boolean }): Word | undefined {
  const head = HEAD.exec(text.slice(start, start + 80));
  if (head === null) return undefined;
  const begin = start + head[0].length;
  let close = search.open ? text.indexOf("?=", begin) : -1;
  if (close < 0) {
    // There is none in all the rest of the text: never look again.
    search.open = false;
    close = begin;
    while (close < text.length && !/[ \t\r\n]/.test(text[close]!)) close++;
  }
  const end = search.open ? close + 2 : close;
  const charset = head[1]!.replace(/\*.*$/, "").toLowerCase();
  return {
    charset,
    encoding: head[2]!.toLowerCase() as "b" | "q",
    text: text.slice(begin, close),
    end,
  };
}

const HEAD = /^=\?([^\s?()<>@,;:"/[\]]{1,64})\?([bq])\?/i;

/** Decodes words that follow each other: a character may begin in one and end in the next. */
function decodeRun(words: readonly Word[]): string {
  let result = "";
  for (let at = 0; at < words.length;) {
    const { charset } = words[at]!;
    const pieces: Uint8Array[] = [];
    let digits: string[] = [];
    let count = 0;
    for (; at < words.length && words[at]!.charset === charset; at++) {
      const word = words[at]!;
      if (word.encoding === "q") {
        pieces.push(decodeQ(word.text));
        continue;
      }
      const text = word.text.replace(/[ \t\r\n]+/g, "");
      digits.push(text);
      count += text.length;
      const next = words[at + 1];
      // A group that was cut continues in the next word.
      const open = count % 4 !== 0 && !text.includes("=");
      if (open && next?.encoding === "b" && next.charset === charset) continue;
      pieces.push(decodeBase64Text(digits.join("")));
      digits = [];
      count = 0;
    }
    // Words may each begin with a byte order mark.
    result += decodeCharset(concat(pieces), charset).text.replaceAll("\ufeff", "");
  }
  return result.replace(/[\r\n\0]+/g, " ");
}

function decodeQ(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    const code = text.charCodeAt(at);
    if (character === "_") bytes.push(0x20);
    else if (character === "=" && /^[0-9a-f]{2}$/i.test(text.slice(at + 1, at + 3))) {
      bytes.push(parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else if (code < 0x80) bytes.push(code);
    else {
      const whole = String.fromCodePoint(text.codePointAt(at)!);
      bytes.push(...new TextEncoder().encode(whole));
      at += whole.length - 1;
    }
  }
  return Uint8Array.from(bytes);
}

/** Longest encoded word. */
const MAX_WORD = 75;
/** What frames a word's text: `=?utf-8?q?` and `?=`. */
const FRAME = "=?utf-8?q?".length + "?=".length;
/** Text that a word of a phrase can hold unencoded (RFC 2047 §5 (3)). */
const PLAIN = /[A-Za-z0-9!*+/-]/;

/**
 * Encodes text as encoded words of UTF-8: quoted if half of it stays readable, else in base64.
 *
 * @param text Any text.
 * @param firstLength Maximum length of the first word, if text precedes it; at least 20. @default {75}
 * @returns Words of 75 characters at most, each with whole characters, to be separated by white space.
 *
 * @example A subject
 * ```ts
 * import { decodeWords, encodeWords } from "@netwright/netwright/mime";
 * const words = encodeWords("Grün");
 * if (words.join(" ") !== "=?utf-8?q?Gr=C3=BCn?=") throw new Error(words.join(" "));
 * if (decodeWords(words.join(" ")) !== "Grün") throw new Error("lost");
 * ```
 */
export function encodeWords(text: string, firstLength: number = MAX_WORD): string[] {
  const clean = text.toWellFormed();
  const bytes = new TextEncoder().encode(clean);
  // Text of mostly Latin letters stays readable in quotes.
  let escaped = 0;
  for (const byte of bytes) if (QUOTED[byte]!.length > 1) escaped++;
  const quoted = escaped * 2 <= bytes.length;
  const words: string[] = [];
  let [start, width] = [0, 0];
  const flush = (end: number) => {
    const piece = bytes.subarray(start, end);
    const text = quoted ? quote(piece) : toBase64(piece);
    words.push(`=?utf-8?${quoted ? "q" : "b"}?${text}?=`);
    [start, width] = [end, 0];
  };
  for (let at = 0; at < bytes.length;) {
    const end = nextCharacter(bytes, at);
    let own = 0;
    for (let index = at; index < end; index++) own += QUOTED[bytes[index]!]!.length;
    const grown = quoted ? width + own : Math.ceil((end - start) / 3) * 4;
    if (grown > (words.length === 0 ? firstLength : MAX_WORD) - FRAME && at > start) flush(at);
    width += own;
    at = end;
  }
  if (start < bytes.length) flush(bytes.length);
  return words;
}

/** Where the next character of UTF-8 begins. */
function nextCharacter(bytes: Uint8Array, at: number): number {
  do at++; while (at < bytes.length && (bytes[at]! & 0xc0) === 0x80);
  return at;
}

/** How each byte is written in quotes. */
const QUOTED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x20) return "_";
  const character = String.fromCharCode(byte);
  if (byte < 0x80 && PLAIN.test(character)) return character;
  return `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

function quote(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += QUOTED[byte];
  return text;
}
