/**
 * Where the header of a part ends (RFC 5322 §2.2), whatever odd lines are in it.
 *
 * @module
 */

import { LimitError } from "../../net/mod.ts";
import { latin1 } from "../coding/bytes.ts";

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const COLON = 0x3a;

/** Longest line that can be a boundary: RFC 2046 allows 70 characters; more were seen. */
export const MAX_BOUNDARY_LINE = 1000;

/** The defect of a header that such a line ends. */
const HEADER_DEFECTS = {
  empty: undefined,
  boundary: "a header without an empty line after it",
  text: "a line in the header that is not a field",
} as const;

/** Bytes behind a bad line of a header in which the header must go on. */
const MAX_AHEAD = 16 * 1024;
/** Fields by which a header is known to go on. */
const KNOWN_FIELD =
  /^(?:content-|mime-version|from|to|cc|subject|date|message-id|received|references|in-reply-to|return-path|dkim-|list-|x-|reply-to|sender|user-agent|importance|priority)[\w-]*[ \t]*:/i;

/** A header that was read. */
export interface ScannedHeader {
  /** Where its fields end. */
  readonly end: number;
  /** Where what follows it begins, behind the empty line. */
  readonly next: number;
  /** The defect of its end. */
  readonly defect: string | undefined;
}

/** Looks for the end of one header after the other. */
export class HeaderScanner {
  readonly #maxBytes: number;
  readonly #isBoundary: (data: Uint8Array, start: number, end: number) => boolean;
  /** How much of a header was looked at, in whole lines, and up to where the next line has no end. */
  #looked = 0;
  #endless = 0;
  /** The defect of the header that is being read. */
  readonly defects: string[] = [];

  /**
   * Begins with the first header.
   * @param maxBytes Longest header, in bytes.
   * @param isBoundary Whether a line is the boundary of a part that is open.
   */
  constructor(
    maxBytes: number,
    isBoundary: (data: Uint8Array, start: number, end: number) => boolean,
  ) {
    this.#maxBytes = maxBytes;
    this.#isBoundary = isBoundary;
  }

  /** Forgets how far it has looked: another header begins. */
  reset(): void {
    this.#looked = this.#endless = 0;
  }

  /** Reads a header that begins at a place; undefined if its end is not there yet. */
  scan(data: Uint8Array, start: number, last: boolean): ScannedHeader | undefined {
    let at = start + this.#looked;
    while (at < data.length) {
      const searched = Math.max(at, start + this.#endless);
      const feed = data.indexOf(LF, searched);
      if (feed < 0 && !last) {
        // A line that is not a field ends the header, whatever its length; its beginning is enough to decide.
        const isLong = data.length - at > MAX_BOUNDARY_LINE && searched - at <= MAX_BOUNDARY_LINE;
        if (!isLong || this.#lineAt(data, at, data.length) !== "text") {
          this.#endless = data.length - start;
          this.#checkLength(data.length - start);
          this.#looked = at - start;
          return undefined;
        }
      }
      const end = feed < 0 ? data.length : feed + 1;
      let line = this.#lineAt(data, at, end);
      if (line === "text" && at > start && (feed >= 0 || last)) {
        // What looks like a boundary is one, of a header without its empty line.
        const isDashed = data[at] === DASH && data[at + 1] === DASH;
        const isContinued = isLostParameter(data, at, end) ||
          !isDashed && this.#isContinuedAfter(data, end, last);
        if (isContinued === undefined) {
          this.#checkLength(at - start);
          this.#looked = at - start;
          return undefined;
        }
        if (isContinued) {
          this.defects.push(HEADER_DEFECTS.text);
          line = "field";
        }
      }
      if (line !== "field") {
        this.#checkLength(at - start);
        this.reset();
        return { end: at, next: line === "empty" ? end : at, defect: HEADER_DEFECTS[line] };
      }
      at = end;
    }
    this.#checkLength(data.length - start);
    this.#looked = data.length - start;
    return undefined;
  }

  #checkLength(length: number): void {
    if (length <= this.#maxBytes) return;
    throw new LimitError(`a header is longer than ${this.#maxBytes} bytes`, {
      operation: "read a message",
      limit: this.#maxBytes,
    });
  }

  /**
   * Whether the header continues behind a malformed line: with fields, one of them of a well-known name, and then
   * an empty line (MailScanner/v4#58). Undefined if more input is needed.
   */
  #isContinuedAfter(data: Uint8Array, start: number, last: boolean): boolean | undefined {
    let isKnown = false;
    for (let at = start; at < data.length;) {
      if (at - start > MAX_AHEAD) return false;
      const feed = data.indexOf(LF, at);
      if (feed < 0 && !last) break;
      const end = feed < 0 ? data.length : feed + 1;
      const line = this.#lineAt(data, at, end);
      if (line === "empty") return isKnown;
      if (line !== "field") return false;
      isKnown ||= KNOWN_FIELD.test(latin1(data.subarray(at, Math.min(end, at + 80))));
      at = end;
    }
    return last || data.length - start > MAX_AHEAD ? false : undefined;
  }

  /** The kind of a line of a header. */
  #lineAt(data: Uint8Array, start: number, end: number): "field" | "empty" | "boundary" | "text" {
    const first = data[start]!;
    if (first === LF || first === CR && data[start + 1] === LF) return "empty";
    if (
      first === DASH && data[start + 1] === DASH && this.#isBoundary(data, start, end)
    ) {
      return "boundary";
    }
    if (first === 0x20 || first === 0x09) return "field";
    let at = start;
    const longest = Math.min(end, start + MAX_BOUNDARY_LINE);
    while (at < longest && data[at]! > 0x20 && data[at]! < 0x7f && data[at] !== COLON) at++;
    while (data[at] === 0x20 || data[at] === 0x09) at++;
    // A field without a name is left out, and ends nothing.
    if (data[at] === COLON && at < end) return "field";
    // How mailbox files and their copies begin a message.
    if (/^>?From +$/.test(latin1(data.subarray(start, at)))) return "field";
    return "text";
  }
}

/** Whether a line is a parameter of the line before it, which ends with a semicolon, but is not indented. */
function isLostParameter(data: Uint8Array, start: number, end: number): boolean {
  let before = start - 1;
  while (before >= 0 && data[before]! <= 0x20) before--;
  return data[before] === 0x3b &&
    /^[\w*-]{1,60}=/.test(latin1(data.subarray(start, Math.min(end, start + 80))));
}
