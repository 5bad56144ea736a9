/**
 * Bodies of messages: counted or in chunks (RFC 9112 §6 and §7).
 *
 * @module
 */

import { type ByteReader, DisconnectedError, type Reader } from "../../../net/mod.ts";
import { HttpError } from "./http_error.ts";
import type { BodyFraming } from "./request_head.ts";

/** Longest line with the size of a chunk, its extensions included. */
const MAX_SIZE_LINE = 1024;
/** Most bytes of the fields after the last chunk. */
const MAX_TRAILER_BYTES = 8192;
/** Bytes of a piece of {@link readBody}. */
const PIECE_BYTES = 32 * 1024;

const CR = 13;
const LF = 10;
// deno-lint-ignore no-control-regex -- just these must not be there
const SIZE_LINE = /^0{0,16}([\da-f]{1,8})[ \t]*(?:;[^\0-\x08\x0a-\x1f\x7f]*)?$/i;

/**
 * Reads a body.
 *
 * @param reader The connection, behind the head; afterwards it is behind the body.
 * @param framing Where the body ends.
 * @param maxBytes The largest body that is read.
 * @returns Pieces that the caller owns; chunks and their ends are taken away.
 * @throws {HttpError} If it is malformed (400) or too large (413); the connection cannot go on.
 * @throws {DisconnectedError} If the client closed within it.
 */
export async function* readBody(
  reader: ByteReader,
  framing: BodyFraming,
  maxBytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const body = new BodyReader(reader, framing, maxBytes);
  const most = framing.kind === "length" ? Math.min(framing.bytes, PIECE_BYTES) : PIECE_BYTES;
  let buffer = new Uint8Array(0);
  while (!body.ended) {
    // What a piece leaves of the buffer is for the next.
    if (buffer.length < Math.min(1024, most)) buffer = new Uint8Array(most);
    const count = await body.read(buffer);
    if (count === null) return;
    if (count === 0) continue;
    yield buffer.subarray(0, count);
    buffer = buffer.subarray(count);
  }
}

/** Reads a body into the caller's buffers, without a copy where these are large. */
export class BodyReader implements Reader {
  readonly #reader: ByteReader;
  readonly #kind: BodyFraming["kind"];
  readonly #maxBytes: number;
  readonly #tolerant: boolean;
  /** Bytes that are left: of the body, or of its chunk. */
  #left: number;
  #total = 0;
  #ended: boolean;

  /**
   * Begins a body.
   * @param reader The connection, behind the head.
   * @param framing Where the body ends.
   * @param maxBytes The largest body that is read.
   * @param tolerant Whether lines may end with LF alone, as old servers write them.
   * @throws {HttpError} If it is known to be too large (413).
   */
  constructor(
    reader: ByteReader,
    framing: BodyFraming,
    maxBytes: number = Infinity,
    tolerant: boolean = false,
  ) {
    this.#reader = reader;
    this.#tolerant = tolerant;
    this.#kind = framing.kind;
    this.#maxBytes = maxBytes;
    this.#left = framing.kind === "length" ? framing.bytes : framing.kind === "rest" ? Infinity : 0;
    this.#ended = framing.kind === "none";
    if (framing.kind === "length" && framing.bytes > maxBytes) throw tooLarge();
  }

  /** Whether all of it was read, and the connection is behind it. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Reads some of it.
   * @param p Where it goes.
   * @returns How many bytes; null at the end.
   * @throws {HttpError} If it is malformed (400) or too large (413); the connection cannot go on.
   * @throws {DisconnectedError} If the connection ended within it.
   */
  async read(p: Uint8Array): Promise<number | null> {
    if (!this.#ended && this.#kind === "chunked" && this.#left === 0) await this.#nextChunk();
    if (this.#ended) return null;
    const count = await this.#reader.read(this.#left < p.length ? p.subarray(0, this.#left) : p);
    if (count === null) {
      if (this.#kind !== "rest") {
        throw new DisconnectedError(
          this.#kind === "length"
            ? `the connection ended ${this.#left} bytes too early`
            : "the connection ended within a chunk",
          { operation: "read a body" },
        );
      }
      this.#ended = true;
      return null;
    }
    this.#left -= count;
    if (this.#kind === "rest" && (this.#total += count) > this.#maxBytes) throw tooLarge();
    if (this.#left > 0) return count;
    if (this.#kind === "length") this.#ended = true;
    else if (await readLine(this.#reader, 2, this.#tolerant) !== "") {
      throw new HttpError(400, "a chunk has no end");
    }
    return count;
  }

  async #nextChunk(): Promise<void> {
    this.#left = await readSize(this.#reader, this.#tolerant);
    if ((this.#total += this.#left) > this.#maxBytes) throw tooLarge();
    if (this.#left > 0) return;
    await skipTrailers(this.#reader, this.#tolerant);
    this.#ended = true;
  }
}

function tooLarge(): HttpError {
  return new HttpError(413, "the body is too large");
}

async function readSize(reader: ByteReader, tolerant: boolean): Promise<number> {
  const match = SIZE_LINE.exec(await readLine(reader, MAX_SIZE_LINE, tolerant));
  if (match === null) throw new HttpError(400, "the size of a chunk is malformed");
  return parseInt(match[1]!, 16);
}

/** The fields after the last chunk are read, lest they be taken for a request, and let go. */
async function skipTrailers(reader: ByteReader, tolerant: boolean): Promise<void> {
  for (let left = MAX_TRAILER_BYTES;;) {
    const line = await readLine(reader, left, tolerant);
    if (line === "") return;
    left -= line.length + 2;
    if (!/^[!#$%&'*+.^_`|~\w-]+:/.test(line) || left < 2) {
      throw new HttpError(400, "the fields after the last chunk are malformed");
    }
  }
}

/** Takes a line that ends with CRLF, or with LF alone where that is tolerated, and with nothing else. */
async function readLine(reader: ByteReader, maxBytes: number, tolerant: boolean): Promise<string> {
  while (true) {
    const bytes = reader.available;
    const end = bytes.indexOf(LF);
    if (end > maxBytes || (end < 0 && bytes.length > maxBytes)) {
      throw new HttpError(400, "a line of a chunked body is too long");
    }
    if (end >= 0) {
      const hasCr = bytes[end - 1] === CR;
      if (!hasCr && !tolerant) throw new HttpError(400, "a line ends without CR");
      const line = String.fromCharCode(...bytes.subarray(0, hasCr ? end - 1 : end));
      if (line.includes("\r")) throw new HttpError(400, "a line holds a lone CR");
      reader.consume(end + 1);
      return line;
    }
    if (!await reader.fill()) {
      throw new DisconnectedError("the connection ended within the body", {
        operation: "read a body",
      });
    }
  }
}
