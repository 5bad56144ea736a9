/**
 * Files of messages: written, synced, opened.
 *
 * @module
 */

import { CrlfEncoder } from "../../net/internal.ts";
import { writeAll } from "../../net/mod.ts";
import { FilePieces } from "../files/file_pieces.ts";
import type { MessageText } from "./mail_store.ts";

/** Writes a file and waits until it is on the disk. */
export async function writeSynced(path: string, text: MessageText): Promise<number> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  let bytes = 0;
  for await (const piece of text instanceof Uint8Array ? [text] : text) {
    await writeAll(file, piece);
    bytes += piece.length;
  }
  await file.sync();
  return bytes;
}

/** Waits until the names in a folder are on the disk. */
export function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path);
  folder.syncSync();
}

/** Opens a file; undefined if it is not there. */
export async function openIfThere(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
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
