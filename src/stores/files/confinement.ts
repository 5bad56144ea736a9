/**
 * Proof that an open file lies below a folder, although others may swap folders for symbolic links meanwhile.
 *
 * A path that was checked and is then used may lead elsewhere by then. So the file is opened first, and afterwards
 * its path must lead to the very same file without a link. Where a folder above it may have been swapped and swapped
 * back in between, which changes the time of the folder around it, that is looked at many times.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";
import { escapeControls, InjectionError } from "../../net/mod.ts";
import { type DiskEntry, isApproximate } from "./disk_entries.ts";

/** Age in milliseconds from which a folder's change lies before ours: the system's clock for files is coarse. */
const QUIET_MS = 50;
/** The runtime reports the time of a change of status in whole seconds. */
const CTIME_MS = 1000;
/** Number of times that the path must lead to the same file where its folders have just changed. */
const PASSES = 16;
/**
 * Longest time in milliseconds between two looks at a path. It is random, for a loop that swaps folders would
 * otherwise keep step with us: each waits for the other in the system.
 */
const SPIN_MS = 0.1;
/** Number of times that a file is opened which is another one by the time it is open. */
const MAX_OPENS = 20;
/** Number of times, and pause in milliseconds, that a change waits for its folders to be quiet. */
const SETTLE = { tries: 3, pauseMs: 60 } as const;

/** The findings of a walk along a path. */
interface Walk {
  /** What bears the last name; undefined if nothing does. */
  readonly leaf: Deno.FileInfo | undefined;
  /** Latest time at which a folder changed that holds another one of the path, in milliseconds since 1970. */
  readonly changed: number;
}

/**
 * Opens a file below a folder.
 *
 * @param root The folder.
 * @param path The file, as `PathGate.admit` gives it.
 * @returns The open file and its facts.
 * @throws {InjectionError} If the path leads through a symbolic link, or away from the folder.
 * @throws {Deno.errors.NotFound} If nothing bears the name.
 */
export async function openInside(
  root: string,
  path: string,
): Promise<{ readonly file: Deno.FsFile; readonly info: Deno.FileInfo }> {
  for (let tries = 1;; tries++) {
    const since = Date.now();
    // Pipes and devices would be waited for.
    if (path !== root && walk(root, path).leaf?.isFile === false) {
      throw refusal(path, "it is not a file");
    }
    const file = await Deno.open(path);
    try {
      return { file, info: confirmInside(root, path, file, since) };
    } catch (error) {
      file.close();
      // It may have been replaced by a newer version meanwhile.
      if (!(error instanceof InjectionError) || tries === MAX_OPENS) throw error;
    }
  }
}

/**
 * Makes sure that an open file is the one that its path leads to, without a link.
 *
 * @param root The folder that it must lie in.
 * @param path The path by which it was opened.
 * @param file The open file.
 * @param since When opening began, in milliseconds since 1970.
 * @returns The facts about the open file.
 * @throws {InjectionError} If it is another one.
 */
export function confirmInside(
  root: string,
  path: string,
  file: Deno.FsFile,
  since: number,
): Deno.FileInfo {
  const info = statOf(file, path);
  if (path === root) return info;
  for (let pass = 0; pass < PASSES; pass++) {
    const { leaf, changed } = walk(root, path, pass > 0);
    if (leaf === undefined || leaf.isSymlink || leaf.ino !== info.ino || leaf.dev !== info.dev) {
      throw refusal(path, "it is another file by now");
    }
    if (changed < since - QUIET_MS) break;
  }
  return info;
}

/**
 * Lists a folder below another one.
 *
 * @param root The folder.
 * @param path The one to list.
 * @returns Names and what bears them.
 * @throws {InjectionError} If the path leads through a symbolic link.
 */
export async function listInside(
  root: string,
  path: string,
): Promise<DiskEntry[]> {
  const since = Date.now();
  const names: string[] = [];
  if (path !== root) requireFolder(path, walk(root, path).leaf);
  for await (const { name } of Deno.readDir(path)) names.push(name);
  const entries: DiskEntry[] = [];
  for (const name of names) {
    if (entries.length % 256 === 255) await delay(0);
    const info = entryOf(root, `${path}/${name}`, since);
    if (info !== undefined || isApproximate(name)) entries.push([name, info]);
  }
  if (path !== root) requireFolder(path, walk(root, path).leaf);
  return entries;
}

/** What bears a name that was listed; undefined if it has gone, or was never in the folder. */
function entryOf(root: string, path: string, since: number): Deno.FileInfo | undefined {
  let first: Deno.FileInfo | undefined;
  for (let pass = 0; pass < PASSES; pass++) {
    const { leaf, changed } = walk(root, path, pass > 0);
    first ??= leaf;
    if (leaf === undefined || leaf.ino !== first?.ino || leaf.dev !== first.dev) return undefined;
    if (changed < since - QUIET_MS) break;
  }
  return first;
}

/**
 * Waits until the folders of a path were unchanged for a moment, so that an attacker who swaps them in a loop cannot
 * lead a change elsewhere. Folders that are always busy are looked at many times instead.
 *
 * @param root The folder.
 * @param path The path of the change.
 * @throws {InjectionError} If the path leads through a symbolic link.
 */
export async function settle(root: string, path: string): Promise<void> {
  for (let tries = 0; tries < SETTLE.tries; tries++) {
    if (walk(root, path).changed < Date.now() - QUIET_MS) return;
    await delay(SETTLE.pauseMs);
  }
  for (let pass = 0; pass < PASSES; pass++) walk(root, path, true);
}

/** Looks at each part of a path, pausing if asked to; those above the last must be folders and no links. */
function walk(root: string, path: string, pausing = false): Walk {
  const parts = path.slice(root.length + 1).split("/");
  // The root may be a link: the user named it.
  let changed = parts.length > 1 ? changeTime(Deno.statSync(root)) : 0;
  let at = root;
  for (const [index, part] of parts.entries()) {
    at += `/${part}`;
    if (pausing) spin();
    const info = lookAt(at);
    if (index === parts.length - 1) return { leaf: info, changed };
    requireFolder(at, info);
    // Only folders that hold further folders of the path can swap them.
    if (index < parts.length - 2) changed = Math.max(changed, changeTime(info!));
  }
  return { leaf: undefined, changed };
}

/**
 * The latest possible time of a folder's last change. The time of modification is finer than that of status, but its owner
 * can set it, so it counts only within the same second. If neither is known, it may have been just now.
 */
function changeTime({ ctime, mtime }: Deno.FileInfo): number {
  if (ctime === null || mtime === null) return Infinity;
  const [status, content] = [ctime.getTime(), mtime.getTime()];
  const isSameSecond = Math.floor(content / CTIME_MS) === Math.floor(status / CTIME_MS);
  return isSameSecond ? content : status + CTIME_MS;
}

/** Waits in place for a random time, too short for a timer. */
function spin(): void {
  const end = performance.now() + Math.random() * SPIN_MS;
  while (performance.now() < end);
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function requireFolder(path: string, info: Deno.FileInfo | undefined): void {
  if (info === undefined) throw new Deno.errors.NotFound(path);
  if (info.isSymlink) throw refusal(path, "it is a symbolic link");
  if (!info.isDirectory) throw new Deno.errors.NotADirectory(path);
}

/** The runtime refuses facts about a file whose real path lies outside of the readable ones. */
function statOf(file: Deno.FsFile, path: string): Deno.FileInfo {
  try {
    return file.statSync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw refusal(path, "it leads outside");
  }
}

function refusal(name: string, reason: string): InjectionError {
  return new InjectionError(`${reason}: "${escapeControls(name, { maxLength: 200 })}"`, {
    operation: "use a name from the network",
  });
}
