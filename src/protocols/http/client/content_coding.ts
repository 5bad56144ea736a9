/**
 * Compressed bodies (RFC 9110 §8.4, RFC 7932, RFC 8878): decoded as they come, up to a limit.
 *
 * @module
 */

import type { Transform } from "node:stream";
import { LimitError, ProtocolError, type Reader, UnsupportedError } from "../../../net/mod.ts";

/** The codings that are asked for. */
export const ACCEPTED_CODINGS = "gzip, deflate, br, zstd";

/** Most codings one inside the other. */
const MAX_CODINGS = 3;
/** Bytes that are read at once. */
const CHUNK_BYTES = 32 * 1024;

/**
 * Reads the field `Content-Encoding`.
 *
 * @param field Its value.
 * @returns The codings in the order in which they were applied, in lower case.
 */
export function codingsOf(field: string | undefined): string[] {
  return (field ?? "").toLowerCase().split(/[ \t,]+/).filter((name) =>
    name !== "" && name !== "identity"
  );
}

/**
 * Checks whether a coding can be taken away.
 *
 * @param coding Its name in lower case.
 * @returns Whether it can.
 */
export function isKnownCoding(coding: string): boolean {
  return ["gzip", "x-gzip", "deflate", "br", "zstd"].includes(coding);
}

/**
 * Decodes a body.
 *
 * @param source The body as it comes.
 * @param codings Its codings, in the order in which they were applied.
 * @param maxBytes Most decoded bytes.
 * @returns Reads the decoded body.
 * @throws {UnsupportedError} If a coding is not known.
 * @throws {LimitError} If there are too many.
 */
export async function decoded(
  source: Reader,
  codings: readonly string[],
  maxBytes: number,
): Promise<Reader> {
  if (codings.length > MAX_CODINGS) {
    throw new LimitError(`there are more than ${MAX_CODINGS} content codings`, {
      operation: "read a body",
      limit: MAX_CODINGS,
    });
  }
  let reader = source;
  for (const coding of codings.toReversed()) reader = await decodedOnce(reader, coding);
  let total = 0;
  return {
    async read(p) {
      const count = await reader.read(p);
      if ((total += count ?? 0) > maxBytes) {
        throw new LimitError(`the decoded body has more than ${maxBytes} bytes`, {
          operation: "read a body",
          limit: maxBytes,
        });
      }
      return count;
    },
  };
}

async function decodedOnce(source: Reader, coding: string): Promise<Reader> {
  const zlib = await import("node:zlib");
  const first = new Uint8Array(CHUNK_BYTES);
  let begun = 0;
  while (begun < 2) {
    const count = await source.read(first.subarray(begun));
    if (count === null) break;
    begun += count;
  }
  const bytes = first.subarray(0, begun);
  // Nothing is not a malformed coding: answers to HEAD, and 304, have one too.
  if (begun === 0) return asItIs(source, bytes);
  switch (coding) {
    case "gzip":
    case "x-gzip":
      // Some servers say so of pages that they did not compress.
      if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return asItIs(source, bytes);
      return through(source, bytes, zlib.createGunzip(), coding);
    case "deflate":
      return through(
        source,
        bytes,
        isZlib(bytes) ? zlib.createInflate() : zlib.createInflateRaw(),
        coding,
      );
    case "br":
      return through(source, bytes, zlib.createBrotliDecompress(), coding);
    case "zstd":
      if ("createZstdDecompress" in zlib) {
        return through(source, bytes, zlib.createZstdDecompress(), coding);
      }
  }
  throw new UnsupportedError(`the content coding ${JSON.stringify(coding)} is not known`, {
    operation: "read a body",
  });
}

/** A body that is not compressed after all. */
function asItIs(source: Reader, begun: Uint8Array): Reader {
  let rest = begun;
  return {
    async read(p) {
      if (rest.length === 0) return await source.read(p);
      const count = Math.min(p.length, rest.length);
      p.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
  };
}

/** What is called deflate is zlib's format (RFC 1950), but some servers send it bare (RFC 1951). */
function isZlib([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 15) === 8 && (method << 8 | flags) % 31 === 0;
}

/** Reads through a decoder of the platform, which is given more only when its output was taken. */
function through(source: Reader, begun: Uint8Array, decoder: Transform, coding: string): Reader {
  const input = new Uint8Array(CHUNK_BYTES);
  let failure: unknown;
  let isWorking = false;
  let hasEnded = false;
  let isComplete = false;
  let changed = Promise.withResolvers<void>();
  let rest: Uint8Array = new Uint8Array(0);
  decoder.on("error", (error: unknown) => {
    failure ??= error;
    changed.resolve();
  });
  decoder.on("readable", () => changed.resolve());
  decoder.on("end", () => {
    isComplete = true;
    changed.resolve();
  });
  const feed = (bytes: Uint8Array): void => {
    isWorking = true;
    decoder.write(bytes.slice(), () => {
      isWorking = false;
      changed.resolve();
    });
  };
  feed(begun);
  return {
    async read(p) {
      while (rest.length === 0) {
        changed = Promise.withResolvers();
        const bytes = decoder.read() as Uint8Array | null;
        if (bytes !== null) {
          rest = bytes;
          continue;
        }
        if (isComplete) return null;
        if (failure !== undefined) {
          throw new ProtocolError(`the body is not what its coding says: ${coding}`, {
            operation: "read a body",
            cause: failure,
          });
        }
        if (isWorking || hasEnded) {
          await changed.promise;
          continue;
        }
        const count = await source.read(input);
        if (count !== null) feed(input.subarray(0, count));
        else {
          hasEnded = true;
          decoder.end();
        }
      }
      const count = Math.min(p.length, rest.length);
      p.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
  };
}
