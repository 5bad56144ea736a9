/**
 * Framing of incoming bytes: lines, exact counts and raw bytes, switched at will, none lost.
 *
 * @module
 */

import { closeQuietly } from "./close.ts";
import type { Reader } from "./connection.ts";
import type { Deadline } from "./deadline.ts";
import { cleanText } from "./clean.ts";
import { DisconnectedError, LimitError, ProtocolError } from "./errors.ts";
import { findLine, type Framing, framingOf, type LineEnding } from "./_framing.ts";
import { toNetwrightError } from "./system_errors.ts";

export type { LineEnding } from "./_framing.ts";

/** How a {@link LineReader} reads. */
export interface LineReaderOptions {
  /** What ends a line. @default {"lf"} */
  readonly ending?: LineEnding;
  /** Longest line in bytes, its ending included. @default {8192} */
  readonly maxLineBytes?: number;
  /** Bytes asked of the source at once. @default {32768} */
  readonly chunkBytes?: number;
  /** How lines become text; UTF-8 is lossy, U+FFFD stands for what is not UTF-8. @default {"utf-8"} */
  readonly encoding?: "utf-8" | "latin1";
  /** What an unfinished last line is: a line, or a connection lost. @default {"line"} */
  readonly unfinished?: "line" | "error";
  /** Ends waits; may be replaced later through {@link LineReader.deadline}. */
  readonly deadline?: Deadline | undefined;
  /** Whom it reads from, for error messages. */
  readonly peer?: string | undefined;
}

/**
 * Reads lines, counted bytes and raw bytes from one source that it owns.
 *
 * Memory is bounded by the longest line and one chunk, whatever the source sends.
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
export class LineReader implements Reader {
  /** Ends waits; the source is closed when it does. */
  deadline: Deadline | undefined;
  readonly #source: Reader & { close?(): void };
  readonly #framing: Framing;
  readonly #maxLineBytes: number;
  readonly #chunkBytes: number;
  readonly #decoder: { decode(bytes: Uint8Array): string };
  readonly #unfinishedIsError: boolean;
  readonly #peer: string | undefined;
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #scanned = 0;
  #ended = false;
  #unterminated = false;
  #reading = false;
  #failure: unknown;

  /**
   * Takes the source over.
   * @param source Where the bytes come from; if it can be closed, a passed deadline closes it.
   * @param options How to read.
   * @throws {RangeError} If a size is not a positive whole number.
   */
  constructor(source: Reader & { close?(): void }, options: LineReaderOptions = {}) {
    this.#source = source;
    this.#framing = framingOf(options.ending ?? "lf");
    this.#maxLineBytes = checkSize(options.maxLineBytes ?? 8192, "maxLineBytes");
    this.#chunkBytes = checkSize(options.chunkBytes ?? 32_768, "chunkBytes");
    this.#decoder = options.encoding === "latin1"
      ? LATIN1
      : new TextDecoder("utf-8", { ignoreBOM: true });
    this.#unfinishedIsError = options.unfinished === "error";
    this.#peer = options.peer;
    this.deadline = options.deadline;
  }

  /** Bytes that came and were not read yet. */
  get buffered(): number {
    return this.#end - this.#start;
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
    const line = this.takeLineBytes() ?? await this.readLineBytes();
    return line === undefined ? undefined : this.#decoder.decode(line);
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
    const line = this.takeLineBytes();
    return line === undefined ? undefined : this.#decoder.decode(line);
  }

  /**
   * Takes one line that is already here, as bytes.
   * @returns The line, valid until the next call; undefined if no whole line is here.
   * @throws As {@link takeLine} does.
   */
  takeLineBytes(): Uint8Array | undefined {
    if (this.#start === this.#end) return undefined;
    const found = findLine(this.#framing, this.#buffer, this.#start, this.#end, this.#scanned);
    this.#start = found.start;
    this.#scanned = found.scanned;
    if (found.bare !== undefined) {
      throw new ProtocolError(`a line holds a bare ${found.bare}`, {
        operation: "read a line",
        peer: this.#peer,
        received: this.#excerpt(),
      });
    }
    const length = (found.found ? found.next : this.#end + 1) - this.#start;
    if (length > this.#maxLineBytes) {
      throw new LimitError(`a line is longer than ${this.#maxLineBytes} bytes`, {
        operation: "read a line",
        peer: this.#peer,
        limit: this.#maxLineBytes,
      });
    }
    if (!found.found) return undefined;
    const line = this.#buffer.subarray(this.#start, found.contentEnd);
    this.#start = this.#scanned = found.next;
    return line;
  }

  #takeUnfinished(): Uint8Array | undefined {
    if (this.#start === this.#end) return undefined;
    if (this.#unfinishedIsError) {
      throw new DisconnectedError("the connection ended in the middle of a line", {
        operation: "read a line",
        peer: this.#peer,
      });
    }
    this.#unterminated = true;
    const line = this.#buffer.subarray(this.#start, this.#end);
    this.#start = this.#scanned = this.#end;
    return line;
  }

  /**
   * Goes past a line of any length in constant memory.
   * @returns Whether there was an end of line; false at the end of the source.
   * @throws {DisconnectedError} If the connection broke.
   */
  async skipLine(): Promise<boolean> {
    const keep = this.#framing.lookBehind;
    while (true) {
      const found = findLine(this.#framing, this.#buffer, this.#start, this.#end, this.#scanned);
      if (found.found || found.bare !== undefined) {
        this.#start = this.#scanned = found.next;
        return true;
      }
      this.#start = Math.max(this.#start, this.#end - keep);
      this.#scanned = this.#start;
      if (!await this.fill()) {
        this.#start = this.#scanned = this.#end;
        return false;
      }
    }
  }

  /**
   * Yields all lines to the end.
   * @returns The lines as text without their endings.
   * @throws As {@link readLine} does.
   */
  async *lines(): AsyncGenerator<string> {
    while (true) {
      for (let line = this.takeLine(); line !== undefined; line = this.takeLine()) yield line;
      if (!await this.fill()) break;
    }
    const last = this.#takeUnfinished();
    if (last !== undefined) yield this.#decoder.decode(last);
  }

  /**
   * Reads raw bytes: first what is here, else one read of the source.
   * @param p Where they go.
   * @returns How many, or null at the end.
   * @throws {DisconnectedError} If the connection broke.
   */
  async read(p: Uint8Array): Promise<number | null> {
    if (p.length === 0) return 0;
    while (this.#start === this.#end) {
      if (!await this.fill()) return null;
    }
    const count = Math.min(p.length, this.buffered);
    p.set(this.#buffer.subarray(this.#start, this.#start + count));
    this.#start = this.#scanned = this.#start + count;
    return count;
  }

  /**
   * Reads exactly so many bytes.
   * @param count How many; they are kept in memory together.
   * @param maxBytes Refuses a larger count, which often comes from the peer. @default {16 MiB}
   * @returns The bytes, the caller's own.
   * @throws {LimitError} If `count` is larger than `maxBytes`; nothing is read.
   * @throws {DisconnectedError} If the source ends sooner.
   */
  async readExact(count: number, maxBytes: number = 16 * 1024 * 1024): Promise<Uint8Array> {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError("count must be whole");
    if (count > maxBytes) {
      throw new LimitError(`${count} bytes are more than the limit of ${maxBytes}`, {
        operation: "read",
        peer: this.#peer,
        limit: maxBytes,
      });
    }
    const result = new Uint8Array(count);
    let done = 0;
    for await (const chunk of this.body(count)) {
      result.set(chunk, done);
      done += chunk.length;
    }
    return result;
  }

  /**
   * Yields exactly so many bytes, or all to the end, as they come.
   * @param count How many; `Infinity` for all.
   * @returns Pieces, each valid until the next is asked for. What was not yielded stays in the reader.
   * @throws {DisconnectedError} If the source ends before `count` bytes.
   */
  async *body(count: number = Infinity): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.#start === this.#end && !await this.fill()) {
        if (count === Infinity) return;
        throw new DisconnectedError(`the connection ended ${left} bytes too early`, {
          operation: `read ${count} bytes`,
          peer: this.#peer,
        });
      }
      const piece = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + left));
      this.#start = this.#scanned = this.#start + piece.length;
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** What came and was not read yet, valid until the next call; {@link consume} takes it. */
  get available(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /**
   * Takes bytes from the front of {@link available}.
   * @param count How many, at most all.
   * @throws {RangeError} If there are not so many.
   */
  consume(count: number): void {
    if (!(count >= 0 && count <= this.buffered)) throw new RangeError("count is out of range");
    this.#start = this.#scanned = this.#start + count;
  }

  /**
   * Takes what came and was not read yet, to hand the source to someone else.
   * @returns A copy; the reader is empty then.
   */
  takeBuffered(): Uint8Array {
    const bytes = this.#buffer.slice(this.#start, this.#end);
    this.#start = this.#scanned = this.#end;
    return bytes;
  }

  /**
   * Waits for more bytes, for callers that take lines with {@link takeLine}.
   * @returns Whether more came; false at the end of the source.
   * @throws {DisconnectedError} If the connection broke; again on every later call.
   * @throws {TimeoutError} If the deadline passed; the source is closed.
   * @throws {TypeError} If another read is under way.
   */
  async fill(): Promise<boolean> {
    if (this.#reading) throw new TypeError("another read is under way");
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) return false;
    this.#makeRoom();
    this.#reading = true;
    try {
      const reading = this.#source.read(this.#buffer.subarray(this.#end));
      const count = this.deadline === undefined
        ? await reading
        : await this.deadline.wait(reading, () => closeQuietly(this.#source));
      if (count === null) this.#ended = true;
      else this.#end += count;
      return count !== null;
    } catch (error) {
      throw this.#failure = toNetwrightError(error, { operation: "read", peer: this.#peer });
    } finally {
      this.#reading = false;
    }
  }

  #makeRoom(): void {
    if (this.#start === this.#end) this.#start = this.#scanned = this.#end = 0;
    if (this.#buffer.length - this.#end >= this.#chunkBytes / 2) return;
    const used = this.buffered;
    if (this.#buffer.length - used >= this.#chunkBytes / 2) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
    } else {
      const larger = new Uint8Array(used + this.#chunkBytes);
      larger.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = larger;
    }
    this.#scanned -= this.#start;
    [this.#start, this.#end] = [0, used];
  }

  #excerpt(): string {
    const bytes = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + 80));
    return cleanText(this.#decoder.decode(bytes));
  }
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

function checkSize(size: number, name: string): number {
  if (!(size > 0) || (size !== Infinity && !Number.isSafeInteger(size))) {
    throw new RangeError(`${name} must be a positive whole number`);
  }
  return size;
}
