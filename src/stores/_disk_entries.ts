/**
 * Files and folders of the disk as a tree tells of them.
 *
 * @module
 */

import { pause } from "../net/mod.ts";
import type { TreeEntry } from "./file_tree.ts";

/** Entries of a folder that are looked at before others have their turn. */
const DESCRIBED_AT_ONCE = 256;

/** What takes some microseconds only is not worth the way to another thread. */
export function describe(path: string, follow: boolean): TreeEntry {
  return toEntry(follow ? Deno.statSync(path) : Deno.lstatSync(path), path);
}

/** Makes an entry of what the system tells. */
export function toEntry(info: Deno.FileInfo, path: string): TreeEntry {
  const kind = info.isFile
    ? "file"
    : info.isDirectory
    ? "folder"
    : info.isSymlink
    ? "link"
    : "other";
  return {
    kind,
    size: kind === "file" ? info.size : 0,
    modified: info.mtime ?? new Date(0),
    mode: (info.mode ?? 0o644) & 0o7777,
    target: kind === "link" ? readLink(path) : undefined,
    unique: info.ino == null ? undefined : `${info.dev.toString(36)}g${info.ino.toString(36)}`,
  };
}

/** Where a link leads; undefined where nobody says: it may be something else by now. */
function readLink(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}

/** What can be told of a file whose name is not UTF-8, which the runtime does not let us look at. */
export const UNREADABLE: TreeEntry = {
  kind: "file",
  size: 0,
  modified: new Date(0),
  mode: 0,
  isUnreadable: true,
};

/** A name, and what bears it; nothing if the name is only an approximation, for the true one is not UTF-8. */
export type DiskEntry = readonly [name: string, info: Deno.FileInfo | undefined];

/** Whether a name that was listed and is not there is so because its bytes are not UTF-8. */
export function isApproximate(name: string): boolean {
  return name.includes("\uFFFD");
}

/** Lists a folder that only its owner changes. */
export async function listPlainly(folder: string): Promise<DiskEntry[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const entries: DiskEntry[] = [];
  for (const name of names) {
    if (entries.length % DESCRIBED_AT_ONCE === DESCRIBED_AT_ONCE - 1) await pause(0);
    try {
      entries.push([name, Deno.lstatSync(`${folder}/${name}`)]);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      // One that was removed meanwhile is left out.
      if (isApproximate(name)) entries.push([name, undefined]);
    }
  }
  return entries;
}

/** Opens a file of a folder that only its owner changes. */
export async function openPlainly(
  path: string,
): Promise<{ file: Deno.FsFile; info: Deno.FileInfo }> {
  const file = await Deno.open(path);
  try {
    return { file, info: file.statSync() };
  } catch (error) {
    file.close();
    throw error;
  }
}
