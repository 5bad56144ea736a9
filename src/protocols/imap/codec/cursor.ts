/**
 * The grammar of IMAP's responses and commands (RFC 9051 §9), read from left to right.
 *
 * @module
 */

import { detectCharset } from "../../../mime/mod.ts";
import { escapeControls } from "../../../net/mod.ts";
import { isAsciiText, malformed, type ResponseParts } from "./response_reader.ts";

/** Deepest nesting of parentheses. */
const MAX_DEPTH = 100;

/** Any value: an atom, a string, `NIL`, or a list in parentheses. */
export type ImapValue = string | null | readonly ImapValue[];

const SPACE = 32;
const QUOTE = 34;
const OPEN = 40;
const CLOSE = 41;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;

/** An item of FETCH. */
export interface FetchItemName {
  /** The name in upper case. */
  readonly name: string;
  /** The text in brackets, in upper case. */
  readonly section?: string;
  /** Where the requested bytes begin. */
  readonly origin?: number;
  /** How many are requested. */
  readonly count?: number;
}

/** Reads the parts of one response or command. Everything that it throws is a `ProtocolError`. */
export class Cursor {
  readonly #parts: ResponseParts;
  readonly #kind: string;
  #part = 0;
  #text: string;
  #at = 0;

  /**
   * Begins at the beginning.
   * @param parts Text and literals, in turn; the first is text.
   * @param kind The kind of text, for errors.
   */
  constructor(parts: ResponseParts, kind: "response" | "command" = "response") {
    this.#parts = parts;
    this.#kind = kind;
    this.#text = parts[0] as string;
  }

  /** Whether all was read. */
  get atEnd(): boolean {
    return this.#at === this.#text.length && this.#part === this.#parts.length - 1;
  }

  /** The next character; empty before a literal and at the end. */
  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** Skips spaces; some servers send too many. */
  spaces(): void {
    while (this.#text.charCodeAt(this.#at) === SPACE) this.#at++;
  }

  /** Skips a space that must be there. */
  space(): void {
    if (this.#text.charCodeAt(this.#at) !== SPACE) this.fail("a space is missing");
    this.spaces();
  }

  /**
   * Skips a character if it is the next.
   * @param character The character.
   * @returns Whether it was.
   */
  skip(character: string): boolean {
    if (this.next !== character) return false;
    this.#at++;
    return true;
  }

  /**
   * Skips a character that must be there.
   * @param character The character.
   */
  expect(character: string): void {
    if (!this.skip(character)) this.fail(`"${character}" is missing`);
  }

  /** Reads an atom: up to a space, a parenthesis, a quote, or the end. */
  atom(): string {
    const start = this.#at;
    const text = this.#text;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code <= SPACE || code === OPEN || code === CLOSE || code === QUOTE || code === 127) break;
    }
    if (at === start) this.fail("a word is missing");
    this.#at = at;
    return text.slice(start, at);
  }

  /** Reads an atom inside a response code, which also ends before `]`. */
  codeAtom(): string {
    const start = this.#at;
    const text = this.#text;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code <= SPACE || code === OPEN || code === CLOSE || code === CLOSE_BRACKET) break;
    }
    if (at === start) this.fail("a word is missing");
    this.#at = at;
    return text.slice(start, at);
  }

  /**
   * Reads the name of an item of FETCH, with its section: `BODY[HEADER.FIELDS (DATE FROM)]<0>`; in commands `<0.512>`.
   * @returns The name in upper case, its section, its origin, and how many bytes are requested.
   */
  fetchItem(): FetchItemName {
    const start = this.#at;
    const text = this.#text;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code <= SPACE || code === OPEN || code === CLOSE || code === OPEN_BRACKET) break;
    }
    if (at === start) this.fail("the name of an item is missing");
    const name = text.slice(start, at).toUpperCase();
    this.#at = at;
    if (!this.skip("[")) return { name };
    const end = this.#sectionEnd();
    const section = text.slice(this.#at, end).toUpperCase();
    this.#at = end + 1;
    if (!this.skip("<")) return { name, section };
    const origin = this.number();
    const count = this.skip(".") ? this.number() : undefined;
    this.expect(">");
    return { name, section, origin, ...(count !== undefined && { count }) };
  }

  /** Finds the `]`; names of header fields may be quoted. */
  #sectionEnd(): number {
    let isQuoted = false;
    for (let at = this.#at; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === QUOTE) isQuoted = !isQuoted;
      else if (code === BACKSLASH && isQuoted) at++;
      else if (code === CLOSE_BRACKET && !isQuoted) return at;
    }
    return this.fail('"]" is missing');
  }

  /** Reads a number of up to 15 digits. */
  number(): number {
    const digits = this.#digits();
    if (digits.length > 15) this.fail("a number is too large");
    return Number(digits);
  }

  /** Reads a number of up to 63 bits. */
  bigNumber(): bigint {
    const digits = this.#digits();
    if (digits.length > 19) this.fail("a number is too large");
    return BigInt(digits);
  }

  #digits(): string {
    const start = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#at === start) this.fail("a number is missing");
    return this.#text.slice(start, this.#at);
  }

  /** Reads `NIL`, a string or an atom as text. */
  text(): string | null {
    const bytes = this.#literal();
    if (bytes !== undefined) return detectCharset(bytes);
    if (this.#text.charCodeAt(this.#at) === QUOTE) return decodeText(this.#quoted());
    const word = this.atom();
    return word.length === 3 && word.toUpperCase() === "NIL" ? null : decodeText(word);
  }

  /** Reads `NIL` or a string as bytes. */
  bytes(): Uint8Array<ArrayBuffer> | null {
    const bytes = this.#literal();
    if (bytes !== undefined) return bytes;
    if (this.#text.charCodeAt(this.#at) === QUOTE) return toBytes(this.#quoted());
    const word = this.atom();
    // An empty part is an atom for some servers: 0, or nothing.
    return word.toUpperCase() === "NIL" ? null : toBytes(word);
  }

  /** Reads a name of a mailbox, or another string, as text with a character for each byte; `NIL` is a name too. */
  astring(): string {
    const bytes = this.#literal();
    if (bytes !== undefined) return String.fromCharCode(...bytes.subarray(0, 8192));
    return this.#text.charCodeAt(this.#at) === QUOTE ? this.#quoted() : this.atom();
  }

  /** Takes the literal that begins here. */
  #literal(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#at < this.#text.length || this.#part === this.#parts.length - 1) return undefined;
    const bytes = this.#parts[this.#part + 1] as Uint8Array<ArrayBuffer>;
    this.#part += 2;
    this.#text = this.#parts[this.#part] as string;
    this.#at = 0;
    return bytes;
  }

  #quoted(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (code === BACKSLASH) break;
    }
    let result = text.slice(start, at);
    for (; at < text.length; at++) {
      const character = text.charAt(at);
      if (character === '"') {
        this.#at = at + 1;
        return result;
      }
      // Other characters than these two should not be quoted; some servers do.
      if (character === "\\") result += text.charAt(++at);
      else result += character;
    }
    return this.fail("a string does not end");
  }

  /** Reads any value. */
  value(depth = 0): ImapValue {
    if (!this.skip("(")) return this.text();
    if (depth === MAX_DEPTH) this.fail(`lists are nested more than ${MAX_DEPTH} deep`);
    const values: ImapValue[] = [];
    while (true) {
      this.spaces();
      if (this.skip(")")) return values;
      values.push(this.value(depth + 1));
    }
  }

  /** Reads a list of words in parentheses, such as flags. */
  words(): string[] {
    this.expect("(");
    const words: string[] = [];
    while (true) {
      this.spaces();
      if (this.skip(")")) return words;
      words.push(this.next === '"' || this.next === "" ? this.astring() : this.atom());
    }
  }

  /** All that is left of this line, which is not skipped. */
  peek(): string {
    return this.#text.slice(this.#at);
  }

  /** Reads all that is left of this line, unchanged. */
  rest(): string {
    const rest = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return rest;
  }

  /**
   * Refuses the response.
   * @param reason The fault.
   */
  fail(reason: string): never {
    const from = Math.max(0, this.#at - 60);
    const received = escapeControls(this.#text.slice(from, this.#at + 60), { maxLength: 200 });
    throw malformed(`malformed ${this.#kind}: ${reason}`, undefined, received);
  }
}

/**
 * Decodes text with a character for each byte: UTF-8, or else Windows-1252.
 *
 * @param text The text.
 * @returns The decoded text.
 */
export function decodeText(text: string): string {
  return isAsciiText(text) ? text : detectCharset(toBytes(text));
}

/**
 * Makes a byte of each character.
 *
 * @param text Characters up to U+00FF.
 * @returns The bytes.
 */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
