/**
 * Files of messages: opened, read in part, and counted.
 *
 * @module
 */

import { CrlfEncoder } from "../../net/internal.ts";
import { FilePieces } from "../files/file_pieces.ts";
import type { ByteRange } from "./mail_store.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 256 * 1024;
/** Files up to this size are read without waiting, in bytes. */
const SMALL_BYTES = 65_536;

/** A message's file. */
export interface OpenedFile {
  readonly base: string;
  readonly file: Deno.FsFile;
  readonly size: number;
}

/** Opens the file of a message. */
export function openFile(base: string, path: string): OpenedFile {
  const file = Deno.openSync(path);
  try {
    return { base, file, size: file.statSync().size };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Reads a part of a file, and closes it. */
export async function* piecesOf(
  file: Deno.FsFile,
  size: number,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array> {
  using opened = file;
  let left = Math.max(0, Math.min(end, size) - start);
  // Most messages are small, and in the system's memory: waiting in a queue would take ten times as long.
  const isSmall = left <= SMALL_BYTES;
  if (start > 0) opened.seekSync(start, Deno.SeekMode.Start);
  while (left > 0) {
    const piece = new Uint8Array(Math.min(left, PIECE_BYTES));
    const count = isSmall ? opened.readSync(piece) : await opened.read(piece);
    if (count === null) return;
    left -= count;
    yield piece.subarray(0, count);
  }
}

/** The size of a file whose lines may end with LF, when they end with CRLF. */
export async function countCrlf(path: string): Promise<number> {
  const encoder = new CrlfEncoder();
  let bytes = 0;
  for await (const piece of new FilePieces(await Deno.open(path))) {
    bytes += encoder.encode(piece).length;
  }
  return bytes;
}

/** Programs that died have left files that are older, in milliseconds; 36 hours are the custom of Maildir. */
const LEFT_MS = 36 * 60 * 60 * 1000;

/** Removes files that were never finished. */
export async function removeLeftovers(tmp: string): Promise<void> {
  try {
    for await (const { name, isFile } of Deno.readDir(tmp)) {
      if (!isFile || !name.includes(".netwright,")) continue;
      const { mtime } = await Deno.stat(`${tmp}/${name}`);
      const isOld = mtime !== null && Date.now() - mtime.getTime() > LEFT_MS;
      if (isOld) await Deno.remove(`${tmp}/${name}`);
    }
  } catch (error) {
    // Another program may remove them, too.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
