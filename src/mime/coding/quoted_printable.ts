/**
 * The quoted-printable content transfer encoding (RFC 2045 §6.7): tolerant when it is read, strict when it is
 * written.
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { EMPTY, type TransferCoder } from "./transfer_coding.ts";

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const EQUALS = 0x3d;

/** Longest written line, without its line break. */
const LINE = 76;
/** Longest line end or escape that is held back from one piece to the next. */
const MAX_HELD = 1024;

/**
 * Decodes quoted-printable. White space before a line's end is removed, as the RFC says; an equals sign that begins
 * no escape is kept, and is noted as a defect.
 */
export class QuotedPrintableDecoder implements TransferCoder {
  /** What cannot be judged before more is there: white space, or the beginning of an escape. */
  #held: Uint8Array = EMPTY;
  #defect: string | undefined;

  /** The first defect so far. */
  get defect(): string | undefined {
    return this.#defect;
  }

  /**
   * Takes the next piece.
   * @param piece Text, cut anywhere.
   * @returns Its bytes.
   */
  push(piece: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? piece : concat([this.#held, piece]);
    const safe = safeLength(all);
    this.#held = all.slice(safe);
    return this.#decode(all.subarray(0, safe), false);
  }

  /**
   * Ends the data.
   * @returns The bytes that were held back.
   */
  end(): Uint8Array {
    const rest = this.#held;
    this.#held = EMPTY;
    return rest.length === 0 ? EMPTY : this.#decode(rest, true);
  }

  #decode(text: Uint8Array, last: boolean): Uint8Array {
    const bytes = new Uint8Array(text.length);
    let written = 0;
    let at = 0;
    while (at < text.length) {
      const byte = text[at]!;
      if (byte === SPACE || byte === TAB) {
        const end = afterBlank(text, at);
        // Before a line's end it was added on the way.
        if (!(isLineEnd(text, end) || last && end === text.length)) {
          while (at < end) bytes[written++] = text[at++]!;
        }
        at = end;
      } else if (byte !== EQUALS) {
        bytes[written++] = byte;
        at++;
      } else {
        const value = hexAt(text, at + 1) << 4 | hexAt(text, at + 2);
        if (value >= 0) {
          bytes[written++] = value;
          at += 3;
          continue;
        }
        const end = afterBlank(text, at + 1);
        if (isLineEnd(text, end) || last && end === text.length) {
          at = end + (text[end] === CR ? 2 : 1);
        } else {
          this.#defect ??= "an equals sign that begins no escape";
          bytes[written++] = byte;
          at++;
        }
      }
    }
    return bytes.subarray(0, written);
  }
}

/** How {@link QuotedPrintableEncoder} writes. */
export interface QuotedPrintableOptions {
  /**
   * Whether CR and LF are data, and line breaks of the text are not kept as such: what must come out byte for byte.
   * @default {false}
   */
  readonly binary?: boolean;
}

/** Writes quoted-printable in lines of 76 characters at most. Line breaks of text become CRLF. */
export class QuotedPrintableEncoder implements TransferCoder {
  /** Nothing is ever wrong. */
  readonly defect: undefined = undefined;
  readonly #binary: boolean;
  #column = 0;
  /** White space whose writing depends on what follows. */
  #blank: number | undefined;
  /** Whether a CR waits, after the white space, for its LF. */
  #cr = false;

  /**
   * Makes an encoder.
   * @param options What line breaks are.
   */
  constructor(options: QuotedPrintableOptions = {}) {
    this.#binary = options.binary ?? false;
  }

  /**
   * Takes the next piece.
   * @param piece Any bytes.
   * @returns Text.
   */
  push(piece: Uint8Array): Uint8Array {
    const out = new Output(piece.length);
    for (const byte of piece) {
      if (byte === LF && !this.#binary) {
        if (this.#blank !== undefined) this.#escape(out, this.#blank);
        out.add(CR);
        out.add(LF);
        this.#column = 0;
        this.#blank = undefined;
        this.#cr = false;
        continue;
      }
      if (byte === CR && !this.#binary && !this.#cr) {
        this.#cr = true;
        continue;
      }
      this.#flush(out, false);
      if (byte === SPACE || byte === TAB) this.#blank = byte;
      else if (byte === CR && !this.#binary) this.#cr = true;
      else if (byte > SPACE && byte < 0x7f && byte !== EQUALS) this.#plain(out, byte);
      else this.#escape(out, byte);
    }
    return out.bytes();
  }

  /**
   * Ends the data.
   * @returns The bytes that were held back. No line break is added.
   */
  end(): Uint8Array {
    const out = new Output(3);
    this.#flush(out, true);
    return out.bytes();
  }

  /** Writes what waited for what follows: no line break, as it turned out. */
  #flush(out: Output, last: boolean): void {
    if (this.#blank !== undefined) {
      if (last && !this.#cr) this.#escape(out, this.#blank);
      else this.#plain(out, this.#blank);
    }
    if (this.#cr) this.#escape(out, CR);
    this.#blank = undefined;
    this.#cr = false;
  }

  #plain(out: Output, byte: number): void {
    this.#room(out, 1);
    // A dot at a line's beginning or "From " would not survive every mail system.
    if (this.#column === 0 && (byte === 0x2e || byte === 0x46)) return this.#escape(out, byte);
    out.add(byte);
    this.#column++;
  }

  #escape(out: Output, byte: number): void {
    this.#room(out, 3);
    out.add(EQUALS);
    out.add(HEX[byte >> 4]!);
    out.add(HEX[byte & 15]!);
    this.#column += 3;
  }

  #room(out: Output, width: number): void {
    // One column stays free for the equals sign of a soft line break.
    if (this.#column + width <= LINE - 1) return;
    out.add(EQUALS);
    out.add(CR);
    out.add(LF);
    this.#column = 0;
  }
}

/** Bytes that grow. */
class Output {
  #bytes: Uint8Array;
  #length = 0;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(expected + (expected >> 2) + 16);
  }

  add(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

const HEX = new TextEncoder().encode("0123456789ABCDEF");

/** How much of a piece can be read without knowing what follows. */
function safeLength(text: Uint8Array): number {
  let end = text.length;
  const least = Math.max(0, end - MAX_HELD);
  if (end > least && text[end - 1] === CR) end--;
  while (end > least && (text[end - 1] === SPACE || text[end - 1] === TAB)) end--;
  if (end > least && text[end - 1] === EQUALS) return end - 1;
  if (end === text.length && end > least + 1 && text[end - 2] === EQUALS) return end - 2;
  return end;
}

function afterBlank(text: Uint8Array, at: number): number {
  while (text[at] === SPACE || text[at] === TAB) at++;
  return at;
}

function isLineEnd(text: Uint8Array, at: number): boolean {
  return text[at] === LF || text[at] === CR && text[at + 1] === LF;
}

/** The value of a hexadecimal digit; negative if it is none. */
function hexAt(text: Uint8Array, at: number): number {
  const byte = text[at];
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 55 : -1;
}
