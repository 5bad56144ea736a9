/**
 * A lock among processes, and among the parts of one.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";

/** Time between two attempts, in milliseconds. */
const RETRY_MS = 100;

/**
 * Opens a file and locks it until it is closed.
 *
 * @param path The file; made if it is missing.
 * @param waitMs How long another may hold the lock, in milliseconds; 0 makes one attempt.
 * @returns The file, open for reading and writing; undefined if another holds the lock.
 */
export async function openLocked(path: string, waitMs: number): Promise<Deno.FsFile | undefined> {
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  // Runtimes before 2.9 can only wait for a lock.
  if (!("tryLock" in file)) return await lockedWithin(file, Math.max(waitMs, RETRY_MS));
  try {
    for (const end = Date.now() + waitMs; !await file.tryLock(true);) {
      if (Date.now() >= end) {
        file.close();
        return undefined;
      }
      await delay(RETRY_MS);
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Waits for a lock; one that comes too late is given back. */
async function lockedWithin(file: Deno.FsFile, waitMs: number): Promise<Deno.FsFile | undefined> {
  const locking = file.lock(true).then(() => file);
  const result = await Promise.race([locking, delay(waitMs).then(() => undefined)]);
  if (result === undefined) void locking.then(() => file.close(), () => {});
  return result;
}

/**
 * Does something while holding the lock on a file.
 *
 * @param path The file; made if it is missing.
 * @param act The task. It gets the file, open for reading and writing.
 * @returns The result of the task.
 */
export async function locked<T>(path: string, act: (file: Deno.FsFile) => Promise<T>): Promise<T> {
  using file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  await file.lock(true);
  try {
    return await act(file);
  } finally {
    await file.unlock();
  }
}
