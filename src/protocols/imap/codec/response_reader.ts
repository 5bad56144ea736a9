/**
 * Responses of an IMAP server as they come from the network: lines, with literals between them (RFC 9051 §4.3).
 *
 * @module
 */

import { LimitError, type LineReader, ProtocolError } from "../../../net/mod.ts";

/** Text and literals of one response, in turn; the text has a character for each byte. */
export type ResponseParts = readonly (string | Uint8Array<ArrayBuffer>)[];

/** Limits of a {@link ResponseReader}. */
export interface ResponseLimits {
  /** Maximum size of one response with its literals, in bytes. */
  readonly maxResponseBytes: number;
  /** The server, for errors. */
  readonly peer: string;
}

/** Longest count of a literal, in digits: 4 GiB and more are refused by their length. */
const MAX_DIGITS = 10;

/** Takes whole responses from a reader, without waiting. */
export class ResponseReader {
  readonly #reader: LineReader;
  readonly #limits: ResponseLimits;
  #parts: (string | Uint8Array<ArrayBuffer>)[] = [];
  /** Size of the literal that is awaited. */
  #literal: number | undefined;
  #bytes = 0;

  /**
   * Takes from a reader.
   * @param reader Its lines end with LF or CRLF; a line may be as long as a response.
   * @param limits Limits, and the server.
   */
  constructor(reader: LineReader, limits: ResponseLimits) {
    this.#reader = reader;
    this.#limits = limits;
  }

  /** Whether a part of a response has arrived, without its end. */
  get isPartial(): boolean {
    return this.#parts.length > 0;
  }

  /**
   * Takes a response that is here.
   * @returns The response; undefined if its end has not arrived.
   * @throws {LimitError} If it is too large; it is not stored.
   * @throws {ProtocolError} If the size of a literal is malformed.
   */
  take(): ResponseParts | undefined {
    while (true) {
      if (this.#literal !== undefined) {
        if (this.#reader.buffered < this.#literal) return undefined;
        this.#parts.push(this.#reader.available.slice(0, this.#literal));
        this.#reader.consume(this.#literal);
        this.#literal = undefined;
      }
      const line = this.#reader.takeLineBytes();
      if (line === undefined) return undefined;
      const text = toText(line);
      this.#count(line.length);
      const size = this.#parts.length === 0 && isFreeText(text) ? undefined : literalAt(text);
      if (size === undefined) {
        this.#parts.push(text);
        const parts = this.#parts;
        this.#parts = [];
        this.#bytes = 0;
        return parts;
      }
      if (size.digits.length > MAX_DIGITS) this.#refuse();
      this.#count(Number(size.digits));
      this.#parts.push(text.slice(0, size.start));
      this.#literal = Number(size.digits);
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.maxResponseBytes) this.#refuse();
  }

  #refuse(): never {
    const { maxResponseBytes: limit, peer } = this.#limits;
    throw new LimitError(`a response is larger than ${limit} bytes`, {
      operation: "read a response",
      peer,
      limit,
    });
  }
}

const decoder = new TextDecoder();

/**
 * Makes a character of each byte. The decoder is faster by far, but does so for ASCII only.
 *
 * @param bytes The bytes.
 * @returns Characters up to U+00FF.
 */
export function toText(bytes: Uint8Array): string {
  const decoded = decoder.decode(bytes);
  if (isAsciiText(decoded)) return decoded;
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/**
 * Checks for ASCII.
 *
 * @param text Any text.
 * @returns Whether all of it is.
 */
export function isAsciiText(text: string): boolean {
  // deno-lint-ignore no-control-regex -- all of ASCII is meant
  return !/[^\0-\x7f]/.test(text);
}

/** Statuses, whose text may end like a literal. */
const STATUS: ReadonlySet<string> = new Set(["OK", "NO", "BAD", "BYE", "PREAUTH"]);

/** Whether what follows is for people: after a status, and after `+`. */
function isFreeText(text: string): boolean {
  const first = text.indexOf(" ");
  if (first < 0) return true;
  if (first === 1 && text.startsWith("+")) return true;
  const second = text.indexOf(" ", first + 1);
  const word = text.slice(first + 1, second < 0 ? undefined : second);
  return word.length <= 7 && STATUS.has(word.toUpperCase());
}

/** The announcement of a literal. */
export interface LiteralMark {
  /** Where it begins in the line. */
  readonly start: number;
  /** Its size, in digits without leading zeros. */
  readonly digits: string;
  /** Whether its sender does not wait for consent: `{123+}` (RFC 7888). */
  readonly isEager: boolean;
}

/**
 * Finds `{123}`, `{123+}` or `~{123}` at the end of a line.
 *
 * @param text The line.
 * @returns The announcement; undefined if there is none.
 */
export function literalAt(text: string): LiteralMark | undefined {
  let end = text.length - 1;
  if (end < 2 || text.charCodeAt(end) !== 125) return undefined;
  const isEager = text.charCodeAt(end - 1) === 43;
  if (isEager) end--;
  let start = end;
  while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
  if (start === end || text.charCodeAt(start - 1) !== 123) return undefined;
  const digits = text.slice(start, end).replace(/^0+(?=\d)/, "");
  const isBinary = text.charCodeAt(start - 2) === 126;
  return { start: start - (isBinary ? 2 : 1), digits, isEager };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * Makes the error of a response that is malformed.
 *
 * @param reason The fault.
 * @param peer The server.
 * @param received The response, to be quoted.
 * @returns The error.
 */
export function malformed(reason: string, peer?: string, received?: string): ProtocolError {
  return new ProtocolError(reason, {
    operation: "read a response",
    peer,
    ...(received !== undefined && { received }),
  });
}
