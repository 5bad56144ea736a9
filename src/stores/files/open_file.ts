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

/**
 * Gives the size of a file without opening it: what is a pipe can be opened once only.
 *
 * @param path The file.
 * @returns Its size in bytes; undefined if it is not a regular file.
 * @throws {NetwrightError} If it is not there, or a folder.
 */
export async function regularSize(path: string): Promise<number | undefined> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    throw toFileError(error, { operation: "read", peer: path });
  }
  if (info.isDirectory) {
    throw new NetwrightError("is a directory", { operation: "read", peer: path });
  }
  return info.isFile ? info.size : undefined;
}
