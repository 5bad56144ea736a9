/**
 * The base64 content transfer encoding (RFC 2045 §6.8): tolerant when it is read, strict when it is written.
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { fromBase64, fromLatin1, latin1, toBase64 } from "./bytes.ts";
import { EMPTY, encodeAll, type TransferCoder } from "./transfer_coding.ts";

/** Characters of a written line. */
const LINE = 76;
/** Bytes that make one line. */
const LINE_BYTES = LINE / 4 * 3;
const ENCODER = new TextEncoder();
/** Bytes that are coded at a time, whole lines. */
const BATCH = 1024 * LINE_BYTES;

/** Longest line after padding that is looked at, in characters. */
const MAX_LINE = 1000;
/** A line of base64: encoders write whole groups. */
const BASE64_LINE = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?[\t ]*$/;
const DATA_AFTER_PADDING = "data after base64's padding";

/** Characters outside of the alphabet. */
const NO_DIGIT = 64;
const PADDING = 0x3d;

const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (const [first, last, value] of [["A", "Z", 0], ["a", "z", 26], ["0", "9", 52]] as const) {
  for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) {
    DIGITS[code] = value + code - first.charCodeAt(0);
  }
}
DIGITS["+".charCodeAt(0)] = 62;
DIGITS["/".charCodeAt(0)] = 63;

/**
 * Decodes base64. White space is skipped. So are foreign characters, padding amid the data starts anew, and a
 * last group without padding is accepted: each noted as a defect, for mail has them all. A line behind padding that is not base64,
 * such as the footer of a mailing list, ends the data.
 */
export class Base64Decoder implements TransferCoder {
  /** Up to three digits that wait for their group's rest. */
  #held = "";
  /** Whether the last group had padding: no more should come. */
  #padded = false;
  /** Whether a line has ended since then: the next one is data only if it looks like it. */
  #padEnded = false;
  /** The beginning of that line, until it is complete. */
  #line = "";
  /** Whether a text came after the data, such as the footer of a mailing list: no more is data then. */
  #over = false;
  #defect: string | undefined;

  /** The first defect so far. */
  get defect(): string | undefined {
    return this.#defect;
  }

  /**
   * Takes the next piece.
   * @param piece Text in base64, cut anywhere.
   * @returns The bytes of its whole groups.
   */
  push(piece: Uint8Array): Uint8Array {
    const length = this.#held.length + this.#line.length + piece.length;
    const bytes = new Uint8Array(Math.ceil(length / 4) * 3);
    let written = 0;
    // A batch at a time stays in the processor's cache.
    for (let at = 0; at < piece.length; at += BATCH) {
      const text = this.#held + latin1(piece.subarray(at, at + BATCH));
      written += this.#decode(text, bytes.subarray(written));
    }
    return bytes.subarray(0, written);
  }

  #decode(text: string, bytes: Uint8Array): number {
    if (this.#over) return 0;
    if (this.#padded) return this.#decodeFlawed(text, bytes);
    try {
      const { read, written } = bytes.setFromBase64(text, {
        lastChunkHandling: "stop-before-partial",
      });
      this.#held = read === text.length ? "" : digitsOf(text, read);
      if (written > 0 || this.#held !== "") this.#notePadding(text, read);
      return written;
    } catch (error) {
      // Data that the runtime's own decoder rejects is decoded again, as well as possible.
      if (!(error instanceof SyntaxError)) throw error;
      return this.#decodeFlawed(text, bytes);
    }
  }

  /**
   * Ends the data.
   * @returns The bytes of a last group that was not full.
   */
  end(): Uint8Array {
    if (this.#line !== "") {
      const bytes = new Uint8Array(this.#line.length);
      const written = this.#decodeFlawed("\n", bytes);
      return concat([bytes.subarray(0, written), this.#rest()]);
    }
    return this.#rest();
  }

  /** The last group, if it is not full. */
  #rest(): Uint8Array {
    const held = this.#held;
    this.#held = "";
    if (held === "") return EMPTY;
    this.#defect ??= "base64 ends amid a group";
    return fromBase64(held);
  }

  #notePadding(text: string, end: number): void {
    if (this.#padded) this.#defect ??= DATA_AFTER_PADDING;
    let last = end - 1;
    while (last >= 0 && isSpace(text.charCodeAt(last))) last--;
    this.#padded = text.charCodeAt(last) === PADDING;
    this.#padEnded = this.#padded && text.slice(last, end).includes("\n");
  }

  #decodeFlawed(text: string, bytes: Uint8Array): number {
    let written = 0;
    let group = 0;
    let count = 0;
    let held = "";
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const digit = DIGITS[code & 0xff]!;
      if (this.#padEnded && (this.#line !== "" || !isSpace(code))) {
        if (code !== 0x0a && code !== 0x0d && this.#line.length < MAX_LINE) {
          this.#line += text[at];
          continue;
        }
        const line = this.#line;
        this.#line = "";
        this.#padEnded = false;
        this.#defect ??= DATA_AFTER_PADDING;
        if (!BASE64_LINE.test(line)) {
          this.#over = true;
          break;
        }
        this.#padded = false;
        written += this.#decodeFlawed(line, bytes.subarray(written));
        // The line's end is left to say whether its padding ends the data.
        this.#padEnded = this.#padded;
        continue;
      }
      if (this.#padded && code === 0x0a) this.#padEnded = true;
      if (digit !== NO_DIGIT) {
        if (this.#padded) this.#defect ??= DATA_AFTER_PADDING;
        this.#padded = this.#padEnded = false;
        group = group << 6 | digit;
        held += text[at];
        if (++count < 4) continue;
        bytes[written++] = group >> 16;
        bytes[written++] = group >> 8;
        bytes[written++] = group;
      } else if (code === PADDING && count >= 2) {
        bytes[written++] = count === 2 ? group >> 4 : group >> 10;
        if (count === 3) bytes[written++] = group >> 2;
        this.#padded = true;
      } else {
        if (!isSpace(code) && !(code === PADDING && this.#padded)) {
          this.#defect ??= "characters that are not of base64";
        }
        continue;
      }
      count = 0;
      held = "";
    }
    this.#held = held;
    return written;
  }
}

/** Writes base64 in lines of 76 characters that end with CRLF. */
export class Base64Encoder implements TransferCoder {
  /** Nothing is ever wrong. */
  readonly defect: undefined = undefined;
  #held: Uint8Array = EMPTY;

  /**
   * Takes the next piece.
   * @param piece Any bytes.
   * @returns Whole lines.
   */
  push(piece: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? piece : concat([this.#held, piece]);
    const whole = all.length - all.length % LINE_BYTES;
    this.#held = all.slice(whole);
    return whole === 0 ? EMPTY : linesOf(all.subarray(0, whole));
  }

  /**
   * Ends the data.
   * @returns The last, shorter line.
   */
  end(): Uint8Array {
    const rest = this.#held;
    this.#held = EMPTY;
    return rest.length === 0 ? EMPTY : linesOf(rest);
  }
}

/**
 * Reads a whole of base64 as tolerantly as {@link Base64Decoder}.
 *
 * @param text Text in base64.
 * @returns The bytes.
 *
 * @example White space and lost padding
 * ```ts
 * import { decodeBase64Text } from "./base64.ts";
 * if (new TextDecoder().decode(decodeBase64Text("aGVs\r\nbG8")) !== "hello") throw new Error("lost");
 * ```
 */
export function decodeBase64Text(text: string): Uint8Array {
  return encodeAll(new Base64Decoder(), fromLatin1(text));
}

function linesOf(bytes: Uint8Array): Uint8Array {
  const lines = new Uint8Array(
    Math.ceil(bytes.length / 3) * 4 + Math.ceil(bytes.length / LINE_BYTES) * 2,
  );
  let at = 0;
  for (let start = 0; start < bytes.length; start += BATCH) {
    const text = toBase64(bytes.subarray(start, start + BATCH));
    // It is written behind the room for its line breaks, and each line then moves to the front.
    let from = at + Math.ceil(text.length / LINE) * 2;
    ENCODER.encodeInto(text, lines.subarray(from));
    for (let left = text.length; left > 0; left -= LINE) {
      const length = Math.min(LINE, left);
      lines.copyWithin(at, from, from + length);
      from += length;
      at += length;
      lines[at++] = 0x0d;
      lines[at++] = 0x0a;
    }
  }
  return lines;
}

function digitsOf(text: string, from: number): string {
  return text.slice(from).replace(/[\t\n\f\r ]+/g, "");
}

function isSpace(code: number): boolean {
  return code === 0x20 || code >= 9 && code <= 13;
}
