/**
 * Bodies of messages: counted or in chunks (RFC 9112 §6 and §7).
 *
 * @module
 */

import type { ByteReader } from "../../../net/mod.ts";
import { HttpError } from "./http_error.ts";
import type { BodyFraming } from "./request_head.ts";

/** Longest line with the size of a chunk, its extensions included. */
const MAX_SIZE_LINE = 1024;
/** Most bytes of the fields after the last chunk. */
const MAX_TRAILER_BYTES = 8192;

const CR = 13;
const LF = 10;
// deno-lint-ignore no-control-regex -- just these must not be there
const SIZE_LINE = /^([\da-f]{1,8})[ \t]*(?:;[^\0-\x08\x0a-\x1f\x7f]*)?$/i;

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
  if (framing.kind === "none") return;
  if (framing.kind === "length") {
    if (framing.bytes > maxBytes) throw tooLarge();
    yield* reader.body(framing.bytes);
    return;
  }
  let total = 0;
  if (framing.kind === "rest") {
    for await (const piece of reader.body()) {
      if ((total += piece.length) > maxBytes) throw tooLarge();
      yield piece;
    }
    return;
  }
  while (true) {
    const size = await readSize(reader);
    if (size === 0) break;
    total += size;
    if (total > maxBytes) throw tooLarge();
    yield* reader.body(size);
    if (await readLine(reader, 2) !== "") throw new HttpError(400, "a chunk has no end");
  }
  await skipTrailers(reader);
}

function tooLarge(): HttpError {
  return new HttpError(413, "the body is too large");
}

async function readSize(reader: ByteReader): Promise<number> {
  const match = SIZE_LINE.exec(await readLine(reader, MAX_SIZE_LINE));
  if (match === null) throw new HttpError(400, "the size of a chunk is malformed");
  return parseInt(match[1]!, 16);
}

/** The fields after the last chunk are read, lest they be taken for a request, and let go. */
async function skipTrailers(reader: ByteReader): Promise<void> {
  for (let left = MAX_TRAILER_BYTES;;) {
    const line = await readLine(reader, left);
    if (line === "") return;
    left -= line.length + 2;
    if (!/^[!#$%&'*+.^_`|~\w-]+:/.test(line) || left < 2) {
      throw new HttpError(400, "the fields after the last chunk are malformed");
    }
  }
}

/** Takes a line that ends with CRLF and nothing else. */
async function readLine(reader: ByteReader, maxBytes: number): Promise<string> {
  while (true) {
    const bytes = reader.available;
    const end = bytes.indexOf(LF);
    if (end > maxBytes || (end < 0 && bytes.length > maxBytes)) {
      throw new HttpError(400, "a line of a chunked body is too long");
    }
    if (end >= 0) {
      if (bytes[end - 1] !== CR) throw new HttpError(400, "a line ends without CR");
      const line = String.fromCharCode(...bytes.subarray(0, end - 1));
      if (line.includes("\r")) throw new HttpError(400, "a line holds a lone CR");
      reader.consume(end + 1);
      return line;
    }
    if (!await reader.fill()) throw new HttpError(400, "the connection ended within the body");
  }
}
