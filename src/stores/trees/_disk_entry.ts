/**
 * Files and folders of the disk, described as entries of a tree.
 *
 * @module
 */

import type { TreeEntry } from "./file_tree.ts";

/** What takes some microseconds only is not worth the way to another thread. */
export function describe(path: string, follow: boolean): TreeEntry {
  return toEntry(follow ? Deno.statSync(path) : Deno.lstatSync(path), path);
}

/** Makes an entry from the system's facts. */
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

/** The target of a link; undefined if unknown: it may be something else by now. */
function readLink(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}

/** The facts about a file whose name is not UTF-8, which the runtime cannot open. */
export const UNREADABLE: TreeEntry = {
  kind: "file",
  size: 0,
  modified: new Date(0),
  mode: 0,
  isUnreadable: true,
};
