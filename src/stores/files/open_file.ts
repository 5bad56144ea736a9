/**
 * Files of the user that are read in pieces.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { NetwrightError } from "../../net/mod.ts";
import { FilePieces } from "./file_pieces.ts";

/** A file that is open. */
export interface OpenFile {
  /** Bytes. */
  readonly size: number;
  /** When it was changed. */
  readonly modified: Date | undefined;
  /** Permission bits. */
  readonly mode: number | undefined;
  /** Content, once, in pieces that the caller owns. The file is closed at the end. */
  readonly pieces: AsyncIterableIterator<Uint8Array> & { return(): Promise<unknown> };
}

/**
 * Opens a file to read it.
 *
 * @param path The file.
 * @returns Its facts, and its content.
 * @throws {NetwrightError} If it cannot be read.
 *
 * @example The size of a file
 * ```ts
 * import { openFile } from "./open_file.ts";
 * async function sizeOf(path: string): Promise<number> {
 *   const { size, pieces } = await openFile(path);
 *   await pieces.return();
 *   return size;
 * }
 * ```
 */
export async function openFile(path: string): Promise<OpenFile> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw toFileError(error, { operation: "read", peer: path });
  }
  const info = await file.stat();
  if (info.isDirectory) {
    file.close();
    throw new NetwrightError("is a directory", { operation: "read", peer: path });
  }
  return {
    size: info.size,
    modified: info.mtime ?? undefined,
    mode: info.mode == null ? undefined : info.mode & 0o7777,
    pieces: new FilePieces(file, info.size),
  };
}
