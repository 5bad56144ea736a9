/**
 * A source of bytes with a buffer for read-ahead: counted bytes and raw bytes, none lost.
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { Reader } from "../core/connection.ts";
import type { Deadline } from "../core/deadline.ts";
import { DisconnectedError, LimitError } from "../core/errors.ts";
import type { Pollable } from "./poll.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** Bytes asked of a source at first: thousands of connections wait, and most say little. */
const FIRST_CHUNK_BYTES = 1024;

/** How a {@link ByteReader} reads. */
export interface ByteReaderOptions {
  /** Most bytes asked of the source at once; a source that has little is asked for less. @default {32768} */
  readonly chunkBytes?: number;
  /** Ends waits; may be replaced later through {@link ByteReader.deadline}. */
  readonly deadline?: Deadline | undefined;
  /** The peer, for error messages. */
  readonly peer?: string | undefined;
}

/**
 * Reads counted bytes and raw bytes from one source that it owns.
 *
 * @example Three bytes
 * ```ts
 * import { ByteReader } from "@netwright/netwright/net";
 * const reader = new ByteReader({
 *   read(p) {
 *     p.set([1, 2, 3, 4]);
 *     return Promise.resolve(4);
 *   },
 * });
 * if ((await reader.readExact(3)).join() !== "1,2,3" || reader.buffered !== 1) throw new Error();
 * ```
 */
export class ByteReader implements Reader, Pollable {
  /** Ends waits; the source is closed when it does. */
  deadline: Deadline | undefined;
  /** The peer, for error messages. */
  protected readonly peer: string | undefined;
  /** Buffered bytes; only `start` to `end` counts. */
  protected buffer: Uint8Array = new Uint8Array(0);
  /** Where the bytes begin that were not read yet. */
  protected start = 0;
  /** Where they end. */
  protected end = 0;
  /** The position at which a search continues when more bytes arrive; between `start` and `end`. */
  protected scanned = 0;
  /** How many bytes came before `buffer[0]`. */
  protected offset = 0;
  readonly #source: Reader & { close?(): void };
  readonly #maxChunkBytes: number;
  /** Grows while the source has more than it is asked for. */
  #chunkBytes: number;
  #ended = false;
  #reading = false;
  #failure: unknown;
  /** A read that {@link ready} began; later readers wait for the same one. */
  #arriving: Promise<void> | undefined;

  /**
   * Takes the source over.
   * @param source Where the bytes come from; if it can be closed, a passed deadline closes it.
   * @param options How to read.
   * @throws {RangeError} If a size is not a positive whole number.
   */
  constructor(source: Reader & { close?(): void }, options: ByteReaderOptions = {}) {
    this.#source = source;
    this.#maxChunkBytes = checkSize(options.chunkBytes ?? 32_768, "chunkBytes");
    this.#chunkBytes = Math.min(FIRST_CHUNK_BYTES, this.#maxChunkBytes);
    this.peer = options.peer;
    this.deadline = options.deadline;
  }

  /** How many bytes were read in all. */
  get position(): number {
    return this.offset + this.start;
  }

  /** Bytes that came and were not read yet. */
  get buffered(): number {
    return this.end - this.start;
  }

  /** Whether all was read and nothing more comes; if the connection broke, the next read says why. */
  get ended(): boolean {
    return this.start === this.end && (this.#ended || this.#failure !== undefined);
  }

  /**
   * Reads raw bytes: first from the buffer, otherwise by one read of the source; large ones without a copy.
   * @param p Where they go.
   * @returns How many, or null at the end.
   * @throws {DisconnectedError} If the connection broke.
   */
  async read(p: Uint8Array): Promise<number | null> {
    if (p.length === 0) return 0;
    while (this.start === this.end) {
      if (p.length >= this.#maxChunkBytes && this.#arriving === undefined) {
        const count = await this.#readSource(p, this.deadline);
        this.offset += count ?? 0;
        return count;
      }
      if (!await this.fill()) return null;
    }
    const count = Math.min(p.length, this.buffered);
    p.set(this.buffer.subarray(this.start, this.start + count));
    this.start = this.scanned = this.start + count;
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
        peer: this.peer,
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
   * @returns Pieces that the caller owns. Bytes that were not yielded stay in the reader.
   * @throws {DisconnectedError} If the source ends before `count` bytes.
   */
  async *body(count: number = Infinity): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let left = count; left > 0;) {
      if (this.start === this.end && !await this.fill()) {
        if (count === Infinity) return;
        throw new DisconnectedError(`the connection ended ${left} bytes too early`, {
          operation: `read ${count} bytes`,
          peer: this.peer,
        });
      }
      const piece = this.buffer.slice(this.start, Math.min(this.end, this.start + left));
      this.start = this.scanned = this.start + piece.length;
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** Buffered bytes, valid until the next call; {@link consume} takes them. */
  get available(): Uint8Array {
    return this.buffer.subarray(this.start, this.end);
  }

  /**
   * Takes bytes from the front of {@link available}.
   * @param count How many, at most all.
   * @throws {RangeError} If there are not so many.
   */
  consume(count: number): void {
    if (!(count >= 0 && count <= this.buffered)) throw new RangeError("count is out of range");
    this.start = this.scanned = this.start + count;
  }

  /**
   * Takes the buffered bytes, to hand the source to another reader.
   * @returns A copy; the reader is empty then.
   */
  takeBuffered(): Uint8Array {
    const bytes = this.buffer.slice(this.start, this.end);
    this.start = this.scanned = this.end;
    return bytes;
  }

  /**
   * Waits for more bytes, for callers that take lines with {@link takeLine}.
   * @returns Whether more came; false at the end of the source.
   * @throws {DisconnectedError} If the connection broke; again on every later call.
   * @throws {TimeoutError} If the deadline passed; the source is closed.
   * @throws {TypeError} If another read is under way.
   */
  fill(): Promise<boolean> {
    const arriving = this.#arriving;
    return arriving === undefined ? this.#fill(this.deadline) : this.#join(arriving);
  }

  async #join(arriving: Promise<void>): Promise<boolean> {
    if (this.deadline === undefined) await arriving;
    else await this.deadline.wait(arriving, () => this.#onTimeout());
    if (this.#failure !== undefined) throw this.#failure;
    return !this.#ended;
  }

  /**
   * Checks for something to take, for `poll()`: bytes that were not examined yet, the end,
   * or a failure, which the next read throws.
   * @returns Undefined if so; else what resolves when it may be so, the same until then. No deadline counts.
   */
  ready(): Promise<void> | undefined {
    if (this.end > this.scanned || this.#ended || this.#failure !== undefined) return undefined;
    if (this.#arriving === undefined) {
      const over = (): void => {
        this.#arriving = undefined;
      };
      this.#arriving = this.#fill(undefined).then(over, over);
    }
    return this.#arriving;
  }

  async #fill(deadline: Deadline | undefined): Promise<boolean> {
    if (this.#reading) throw new TypeError("another read is under way");
    this.#makeRoom();
    const room = this.buffer.length - this.end;
    const count = await this.#readSource(this.buffer.subarray(this.end), deadline);
    if (count === null) return false;
    this.end += count;
    if (count === room) this.#chunkBytes = Math.min(this.#chunkBytes * 4, this.#maxChunkBytes);
    return true;
  }

  /** One read of the source. */
  async #readSource(p: Uint8Array, deadline: Deadline | undefined): Promise<number | null> {
    if (this.#reading) throw new TypeError("another read is under way");
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) return null;
    this.#reading = true;
    try {
      const reading = this.#source.read(p);
      const count = deadline === undefined
        ? await reading
        : await deadline.wait(reading, () => this.#onTimeout());
      if (count === null) this.#ended = true;
      return count;
    } catch (error) {
      throw this.#failure = toNetwrightError(error, { operation: "read", peer: this.peer });
    } finally {
      this.#reading = false;
    }
  }

  #onTimeout(): void {
    closeQuietly(this.#source);
  }

  #makeRoom(): void {
    if (this.start === this.end) {
      this.offset += this.start;
      this.start = this.scanned = this.end = 0;
    }
    if (this.buffer.length - this.end >= this.#chunkBytes / 2) return;
    const used = this.buffered;
    if (this.buffer.length - used >= this.#chunkBytes / 2) {
      this.buffer.copyWithin(0, this.start, this.end);
    } else {
      // Twice as large each time, or a long line would be copied once for each chunk of it.
      const larger = new Uint8Array(used + Math.max(this.#chunkBytes, used));
      larger.set(this.buffer.subarray(this.start, this.end));
      this.buffer = larger;
    }
    this.offset += this.start;
    this.scanned -= this.start;
    [this.start, this.end] = [0, used];
  }
}

/** Refuses a size that is none; `name` is the option's. */
export function checkSize(size: number, name: string): number {
  if (!(size > 0) || (size !== Infinity && !Number.isSafeInteger(size))) {
    throw new RangeError(`${name} must be a positive whole number`);
  }
  return size;
}
