/**
 * Downloads into local files: complete, or not at all.
 *
 * @module
 */

import { checkOptions } from "../../../net/internal.ts";
import {
  DisconnectedError,
  ProtocolError,
  ReplyError,
  UnsupportedError,
} from "../../../net/mod.ts";
import { openPartialFile, type PartialFile } from "../../../stores/internal.ts";
import type { FtpEntry, FtpFacts } from "../codec/entry.ts";
import { DOWNLOAD_RULES, type DownloadOptions, type FetchOptions } from "./client_options.ts";

/** The methods of a client that a download uses. */
export interface DownloadSource {
  /** The server, printed as an endpoint. */
  readonly peer: string;
  /** As `FtpClient.facts`. */
  facts(path: string): Promise<FtpFacts>;
  /** As `FtpClient.stat`. */
  stat(path: string): Promise<FtpEntry | undefined>;
  /** As `FtpClient.fetch`. */
  fetch(path: string, options?: FetchOptions): AsyncIterable<Uint8Array>;
}

/** Bytes before the end of a partial file that are compared with the server's file before a transfer is resumed. */
const COMPARED_BYTES = 4096;

/**
 * Downloads a file, as `FtpClient.downloadTo` does.
 *
 * @param source The server.
 * @param path The remote file.
 * @param file The local file.
 * @param options Whether to resume, the rate, and a callback for progress.
 * @returns Its size in bytes.
 */
export async function download(
  source: DownloadSource,
  path: string,
  file: string,
  options: DownloadOptions,
): Promise<number> {
  checkOptions(options, DOWNLOAD_RULES);
  const { resume = false, limit, signal, onProgress } = options;
  signal?.throwIfAborted();
  const facts = await knownFacts(source, path);
  const { size, modified } = facts;
  await using partial = await openPartialFile(file, { resume });
  const pieces = async function* (offset: number): AsyncGenerator<Uint8Array> {
    let done = offset;
    const fetched = source.fetch(path, { offset });
    for await (const piece of limit === undefined ? fetched : limit.slow(fetched, signal)) {
      signal?.throwIfAborted();
      done += piece.length;
      onProgress?.(done, size, piece.length);
      yield piece;
    }
  };
  if (!mayBeBeginning(partial, facts) || !await resumed(partial, pieces)) {
    await partial.restart();
    for await (const piece of pieces(0)) await partial.write(piece);
  }
  requireWhole(source, partial.size, size, "use --continue to resume");
  await partial.complete({ modified });
  return partial.size;
}

/**
 * Checks that a download is complete.
 *
 * @param source The server.
 * @param received Bytes that were received.
 * @param size The size of the file; undefined if the server does not report it.
 * @param hint The remedy, for the error.
 * @throws {DisconnectedError} If it is not.
 */
export function requireWhole(
  { peer }: Pick<DownloadSource, "peer">,
  received: number,
  size: number | undefined,
  hint: string,
): void {
  if (size === undefined || received === size) return;
  throw new DisconnectedError(`transfer incomplete: received ${received} of ${size} bytes`, {
    operation: "fetch a file",
    peer,
    hint,
  });
}

/**
 * Appends the rest of a partial file, if its last bytes are the same on both sides. That takes one transfer, which
 * begins before the end of the partial file. Resolves to whether they were the same.
 */
async function resumed(
  partial: PartialFile,
  pieces: (offset: number) => AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const tail = await partial.tail(COMPARED_BYTES);
  let compared = 0;
  try {
    for await (const piece of pieces(partial.size - tail.length)) {
      const known = Math.min(piece.length, tail.length - compared);
      for (let at = 0; at < known; at++) if (piece[at] !== tail[compared + at]) return false;
      compared += known;
      if (known < piece.length) await partial.write(piece.subarray(known));
    }
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    return false;
  }
  return compared === tail.length;
}

/**
 * Gets size and time of a remote file. If the server has no command for one file, its folder is listed: only the size
 * shows whether a download is complete.
 *
 * @param source The server.
 * @param path The file.
 * @returns The server's facts.
 */
export async function knownFacts(source: DownloadSource, path: string): Promise<FtpFacts> {
  const facts = await source.facts(path);
  if (facts.size !== undefined) return facts;
  try {
    const listed = await source.stat(path);
    // The size of a link is not the size of the file.
    return { size: listed?.kind === "file" ? listed.size : undefined, modified: facts.modified };
  } catch (error) {
    // A folder that must not be listed, or a listing of an unknown form, prevents no download.
    if (error instanceof ReplyError || error instanceof ProtocolError) return facts;
    throw error;
  }
}

/** Whether a partial file may be the beginning of the server's file, by size and time. */
function mayBeBeginning(partial: PartialFile, { size, modified }: FtpFacts): boolean {
  if (partial.size === 0 || size === undefined || partial.size > size) return false;
  return modified === undefined || partial.written === undefined || modified <= partial.written;
}
