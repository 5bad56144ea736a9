/**
 * A lock among processes, and among the parts of one.
 *
 * @module
 */

/**
 * Does something while nobody else holds the lock on a file.
 *
 * @param path The file; made if it is missing.
 * @param act What is done. It gets the file, open to be read and written.
 * @returns What it gave.
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
