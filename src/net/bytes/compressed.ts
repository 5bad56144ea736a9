/**
 * Compression of a dialogue (IMAP's RFC 4978, NNTP's RFC 8054).
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { Connection } from "../core/connection.ts";
import { DisconnectedError, ProtocolError } from "../core/errors.ts";
import { writeAll } from "./read_write.ts";

/** Bytes asked of the connection at once. */
const CHUNK_BYTES = 16_384;

/**
 * Wraps a connection: output is deflated, input inflated (RFC 1951). A small input with a large output is inflated in
 * steps, so that memory stays bounded.
 *
 * @param connection The connection; it belongs to the result.
 * @param begun Bytes that have been read from it already.
 * @returns The connection inside.
 */
export async function compressed(
  connection: Connection,
  begun: Uint8Array = new Uint8Array(0),
): Promise<Connection> {
  const { constants, createDeflateRaw, createInflateRaw } = await import("node:zlib");
  const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
  const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 65_536 });
  const input = new Uint8Array(CHUNK_BYTES);
  const deflated: Uint8Array[] = [];
  let failure: unknown;
  /** Whether the inflater still works on bytes that it was given. */
  let isInflating = false;
  /** Resolves when it has output, or has finished with its input. */
  let changed = Promise.withResolvers<void>();
  /** Inflated bytes that were not read. */
  let rest: Uint8Array = new Uint8Array(0);
  let isClosed = false;

  const onError = (error: unknown): void => {
    failure ??= error;
    changed.resolve();
  };
  inflate.on("error", onError);
  inflate.on("readable", () => changed.resolve());
  deflate.on("error", onError);
  deflate.on("data", (piece: Uint8Array) => deflated.push(piece));

  const feed = (bytes: Uint8Array): void => {
    isInflating = true;
    inflate.write(bytes, () => {
      isInflating = false;
      changed.resolve();
    });
  };
  if (begun.length > 0) feed(begun.slice());

  /** The next inflated bytes; undefined at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    while (true) {
      changed = Promise.withResolvers();
      const bytes = inflate.read() as Uint8Array | null;
      if (bytes !== null) return bytes;
      if (isClosed) throw closed();
      if (failure !== undefined) throw malformed(failure);
      if (isInflating) {
        await changed.promise;
        continue;
      }
      const count = await connection.read(input);
      if (count === null) return undefined;
      feed(input.slice(0, count));
    }
  };
  const close = (): void => {
    isClosed = true;
    changed.resolve();
    deflate.destroy();
    inflate.destroy();
    closeQuietly(connection);
  };
  return {
    localAddr: connection.localAddr,
    remoteAddr: connection.remoteAddr,
    // A password inside is as safe as without compression.
    ...("peerName" in connection && { peerName: connection.peerName }),
    async read(p) {
      if (rest.length === 0) {
        const bytes = await next();
        if (bytes === undefined) return null;
        rest = bytes;
      }
      const count = Math.min(p.length, rest.length);
      p.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    async write(p) {
      await new Promise<void>((resolve, reject) => {
        if (isClosed) return reject(closed());
        deflate.write(p.slice(), () => resolve());
      });
      for (const piece of deflated.splice(0)) await writeAll(connection, piece);
      return p.length;
    },
    closeWrite: () => connection.closeWrite(),
    close,
    [Symbol.dispose]: close,
  };
}

function closed(): DisconnectedError {
  return new DisconnectedError("the connection is closed", { operation: "read" });
}

function malformed(cause: unknown): ProtocolError {
  return new ProtocolError("the compressed dialogue is malformed", { operation: "read", cause });
}
