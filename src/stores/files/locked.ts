/**
 * A lock among processes, and among the parts of one.
 *
 * @module
 */

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
