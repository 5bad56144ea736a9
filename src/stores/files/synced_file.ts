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

/** Waits until the names in a folder are on the disk. */
export function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path);
  folder.syncSync();
}
