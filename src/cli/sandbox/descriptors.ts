/**
 * Whether enough file descriptors are left: a runtime that runs out of them while it starts a Worker ends
 * the whole process.
 *
 * @module
 */

import { LimitError } from "../../net/mod.ts";

/** Descriptors that a Worker takes at its start, three times over: other threads may need some meanwhile. */
const HEADROOM = 20;

/** More than this are not counted. */
const MOST = 4096;

/** How many more descriptors this process can open, up to 4096. */
export function descriptorsLeft(): number {
  const now = performance.now();
  if (now - counted.at > COUNTED_MS) counted = { at: now, left: openMany(MOST) };
  return counted.left;
}

/** Counting opens thousands of files: a command that asks again and again gets the same number for a while. */
const COUNTED_MS = 100;
let counted = { at: -Infinity, left: 0 };

/**
 * Refuses to go on if a Worker could not be started.
 *
 * @throws {LimitError} If too few descriptors are left.
 */
export function requireDescriptors(): void {
  if (openMany(HEADROOM) === HEADROOM) return;
  throw new LimitError("too few file descriptors are left to start a Worker", {
    operation: "start a Worker",
    limit: HEADROOM,
    hint: "ulimit -n shows how many a process may have",
  });
}

/** Opens and closes at most so many files; the runtime reports no limit without a permission. */
function openMany(most: number): number {
  const path = openable();
  const files: Deno.FsFile[] = [];
  try {
    while (files.length < most) files.push(Deno.openSync(path));
  } catch (error) {
    if (!(error instanceof Error) || !/too many open files/i.test(error.message)) throw error;
  } finally {
    for (const file of files) file.close();
  }
  return files.length;
}

/** In place only the program's own sources may be read; the executable may read everything. */
function openable(): string {
  if (Deno.build.standalone || Deno.permissions.querySync({ name: "read" }).state === "granted") {
    return "/dev/null";
  }
  return import.meta.filename ?? "/dev/null";
}
