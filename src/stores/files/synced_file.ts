/**
 * Files that are on the disk when they are written.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { writeAll } from "../../net/mod.ts";

/** Writes a file and waits until it is on the disk. */
export async function writeSynced(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<number> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  let bytes = 0;
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    try {
      await writeAll(file, piece);
    } catch (error) {
      // The runtime does not say which file is on a full disk.
      throw toFileError(error, { operation: "write", peer: path });
    }
    bytes += piece.length;
  }
  await file.sync();
  return bytes;
}

/**
 * Writes a file under another name first, and waits until it is on the disk: it comes to be whole or not at all.
 *
 * @param beside The other name; nothing may be there.
 * @param content Its content.
 * @param nameFor Gives the file's path, from its number of bytes.
 * @returns The path, and the number of bytes.
 * @throws {NetwrightError} If it cannot be written; what `content` throws is thrown on.
 */
export async function putSynced(
  beside: string,
  content: AsyncIterable<Uint8Array>,
  nameFor: (bytes: number) => string,
): Promise<{ readonly path: string; readonly bytes: number }> {
  try {
    const bytes = await writeSynced(beside, content);
    const path = nameFor(bytes);
    await Deno.rename(beside, path);
    return { path, bytes };
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    throw error;
  }
}

/** Waits until the names in a folder are on the disk. */
export function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path);
  folder.syncSync();
}
