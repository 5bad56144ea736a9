/**
 * Framing of incoming bytes: lines, exact counts and raw bytes, switched at will, none lost.
 *
 * @module
 */

import { ByteReader, type ByteReaderOptions, checkSize } from "./byte_reader.ts";
import type { Reader } from "../core/connection.ts";
import { escapeControls } from "../core/escape_controls.ts";
import { DisconnectedError, LimitError, ProtocolError } from "../core/errors.ts";
import { findLine, type FoundLine, type Framing, framingOf, type LineEnding } from "./_framing.ts";

export type { LineEnding } from "./_framing.ts";

/** How a {@link LineReader} reads. */
export interface LineReaderOptions extends ByteReaderOptions {
  /** What ends a line. @default {"lf"} */
  readonly ending?: LineEnding;
  /** Longest line in bytes, its ending included. @default {8192} */
  readonly maxLineBytes?: number;
  /** Decoding of lines; UTF-8 is lossy, with U+FFFD for malformed bytes. @default {"utf-8"} */
  readonly encoding?: "utf-8" | "latin1";
  /** Treatment of an unfinished last line: as a line, or as a lost connection. @default {"line"} */
  readonly unfinished?: "line" | "error";
}

/**
 * Reads lines, counted bytes and raw bytes from one source that it owns.
 *
 * Memory is bounded by four times the longest line and chunk, whatever the source sends.
 *
 * @example Two lines, then three bytes
 * ```ts
 * import { LineReader } from "@netwright/netwright/net";
 * const bytes = new TextEncoder().encode("one\r\ntwo\nabc");
 * let done = false;
 * const reader = new LineReader({
 *   read(p) {
 *     if (done) return Promise.resolve(null);
 *     done = true;
 *     p.set(bytes);
 *     return Promise.resolve(bytes.length);
 *   },
 * });
 * if (await reader.readLine() !== "one" || await reader.readLine() !== "two") throw new Error();
 * if ((await reader.readExact(3)).length !== 3 || await reader.readLine() !== undefined) throw new Error();
 * ```
 */
export class LineReader extends ByteReader {
  readonly #framing: Framing;
  readonly #maxLineBytes: number;
  readonly #decoder: { decode(bytes: Uint8Array): string };
  readonly #unfinishedIsError: boolean;
  readonly #endsWithLf: boolean;
  /** Whole lines that were decoded together, a character for each byte; they begin at `#textOffset`. */
  #text = "";
  #textOffset = 0;
  /** Up to here, characters and bytes differ in number, and lines are decoded one by one. */
  #slowUntil = 0;
  #unterminated = false;

  /**
   * Takes the source over.
   * @param source Where the bytes come from; if it can be closed, a passed deadline closes it.
   * @param options How to read.
   * @throws {RangeError} If a size is not a positive whole number.
   */
  constructor(source: Reader & { close?(): void }, options: LineReaderOptions = {}) {
    super(source, options);
    this.#framing = framingOf(options.ending ?? "lf");
    this.#maxLineBytes = checkSize(options.maxLineBytes ?? 8192, "maxLineBytes");
    this.#decoder = options.encoding === "latin1"
      ? LATIN1
      : new TextDecoder("utf-8", { ignoreBOM: true });
    this.#endsWithLf = (options.ending ?? "lf") === "lf";
    this.#unfinishedIsError = options.unfinished === "error";
  }

  /** Whether the last line that was read had no ending because the source ended. */
  get unterminated(): boolean {
    return this.#unterminated;
  }

  /**
   * Reads one line.
   * @returns The line as text without its ending, or undefined at the end of the source.
   * @throws {LimitError} If the line is too long; {@link skipLine} goes past it.
   * @throws {ProtocolError} With `crlf`, at a bare CR or LF.
   * @throws {DisconnectedError} If the connection broke, or ended within a line where that is an error.
   * @throws {TimeoutError} If the deadline passed; the source is closed.
   * @throws {TypeError} If another read is under way.
   */
  async readLine(): Promise<string | undefined> {
    while (true) {
      const line = this.takeLine();
      if (line !== undefined) return line;
      if (!await this.fill()) break;
    }
    const last = this.#takeUnfinished();
    return last === undefined ? undefined : this.#decoder.decode(last);
  }

  /**
   * Reads one line as bytes.
   * @returns The line without its ending, valid until the next call; undefined at the end.
   * @throws As {@link readLine} does.
   */
  async readLineBytes(): Promise<Uint8Array | undefined> {
    while (true) {
      const line = this.takeLineBytes();
      if (line !== undefined) return line;
      if (!await this.fill()) return this.#takeUnfinished();
    }
  }

  /**
   * Takes one line that is already here, without waiting.
   * @returns The line as text, or undefined if no whole line is here.
   * @throws {LimitError} If the line is too long.
   * @throws {ProtocolError} With `crlf`, at a bare CR or LF.
   */
  takeLine(): string | undefined {
    const text = this.#text;
    const at = this.offset + this.start - this.#textOffset;
    if (at < text.length) {
      const end = text.indexOf("\n", at);
      const length = end + 1 - at;
      if (length <= this.#maxLineBytes) {
        this.start = this.scanned = this.start + length;
        return text.slice(at, end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
      }
    } else if (this.#decodeAhead()) return this.takeLine();
    const line = this.takeLineBytes();
    return line === undefined ? undefined : this.#decoder.decode(line);
  }

  /** Decodes all whole lines that are here at once: to cut them out of one text is several times as fast. */
  #decodeAhead(): boolean {
    if (!this.#endsWithLf || this.offset + this.start < this.#slowUntil) return false;
    const end = this.buffer.subarray(this.scanned, this.end).lastIndexOf(10) + 1 + this.scanned;
    if (end === this.scanned) return false;
    const bytes = this.buffer.subarray(this.start, end);
    const text = this.#decoder.decode(bytes);
    const same = text.length === bytes.length;
    if (same) [this.#text, this.#textOffset] = [text, this.offset + this.start];
    else this.#slowUntil = this.offset + end;
    return same;
  }

  /**
   * Takes one line that is already here, as bytes.
   * @returns The line, valid until the next call; undefined if no whole line is here.
   * @throws As {@link takeLine} does.
   */
  takeLineBytes(): Uint8Array | undefined {
    if (this.start === this.end) return undefined;
    const found = findLine(this.#framing, this.buffer, this.start, this.end, this.scanned);
    this.start = found.start;
    const length = lengthOf(found, this.end);
    if (length > this.#maxLineBytes) {
      throw this.#tooLong(this.#maxLineBytes);
    }
    if (found.bare !== undefined) {
      // The next line begins at the bare character again, however much of it is buffered.
      this.scanned = this.start;
      throw new ProtocolError(`a line holds a bare ${found.bare}`, {
        operation: "read a line",
        peer: this.peer,
        received: this.#excerpt(),
      });
    }
    this.scanned = found.scanned;
    if (!found.found) return undefined;
    const line = this.buffer.subarray(this.start, found.contentEnd);
    this.start = this.scanned = found.next;
    return line;
  }

  #tooLong(limit: number): LimitError {
    return new LimitError(`a line is longer than ${limit} bytes`, {
      operation: "read a line",
      peer: this.peer,
      limit,
    });
  }

  #takeUnfinished(): Uint8Array | undefined {
    if (this.start === this.end) return undefined;
    if (this.#unfinishedIsError) {
      throw new DisconnectedError("the connection ended in the middle of a line", {
        operation: "read a line",
        peer: this.peer,
      });
    }
    this.#unterminated = true;
    const line = this.buffer.subarray(this.start, this.end);
    this.start = this.scanned = this.end;
    return line;
  }

  /**
   * Goes past a line of any length in constant memory.
   * @param maxBytes How far it goes. @default {Infinity}
   * @returns Whether there was an end of line; false at the end of the source.
   * @throws {LimitError} If the line is longer than `maxBytes`.
   * @throws {DisconnectedError} If the connection broke.
   */
  async skipLine(maxBytes: number = Infinity): Promise<boolean> {
    const keep = this.#framing.lookBehind;
    const stop = this.offset + this.start + maxBytes;
    while (true) {
      const found = findLine(this.#framing, this.buffer, this.start, this.end, this.scanned);
      if (found.found || found.bare !== undefined) {
        this.start = this.scanned = found.next;
        return true;
      }
      this.start = Math.max(this.start, this.end - keep);
      this.scanned = this.start;
      if (this.offset + this.start > stop) throw this.#tooLong(maxBytes);
      if (!await this.fill()) {
        this.start = this.scanned = this.end;
        return false;
      }
    }
  }

  /**
   * Yields all lines to the end.
   * @returns The lines as text without their endings.
   * @throws As {@link readLine} does.
   */
  lines(): AsyncIterableIterator<string> {
    return new Lines(this);
  }

  #excerpt(): string {
    const bytes = this.buffer.subarray(this.start, Math.min(this.end, this.start + 80));
    return escapeControls(this.#decoder.decode(bytes));
  }
}

/** The lines of a reader; written out because a generator takes several times as long for each. */
class Lines implements AsyncIterableIterator<string> {
  readonly #reader: LineReader;
  #over = false;

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  next(): Promise<IteratorResult<string, undefined>> {
    if (this.#over) return this.return();
    try {
      const value = this.#reader.takeLine();
      return value === undefined ? this.#wait() : Promise.resolve({ value, done: false });
    } catch (error) {
      this.#over = true;
      return Promise.reject(error);
    }
  }

  async #wait(): Promise<IteratorResult<string, undefined>> {
    try {
      const value = await this.#reader.readLine();
      if (value !== undefined) return { value, done: false };
    } catch (error) {
      this.#over = true;
      throw error;
    }
    return this.return();
  }

  return(): Promise<IteratorResult<string, undefined>> {
    this.#over = true;
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/**
 * The length that counts against the limit: the same however much of what follows has come already, so an
 * unfinished line has at least one byte more, and a bare CR is known as such with the byte after it.
 */
function lengthOf({ found, bare, start, next }: FoundLine, end: number): number {
  if (bare !== undefined) return next - start + (bare === "CR" ? 1 : 0);
  return (found ? next : end + 1) - start;
}

/** Each byte becomes the character of the same number: ISO 8859-1 proper, which TextDecoder lacks. */
const LATIN1 = {
  decode(bytes: Uint8Array): string {
    let text = "";
    for (let i = 0; i < bytes.length; i += 4096) {
      text += String.fromCharCode(...bytes.subarray(i, i + 4096));
    }
    return text;
  },
};
