/**
 * Folders of the disk, listed by names that may not be UTF-8.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";

/** Maximum number of entries described before other tasks run. */
const DESCRIBED_AT_ONCE = 256;

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
    if (entries.length % DESCRIBED_AT_ONCE === DESCRIBED_AT_ONCE - 1) await delay(0);
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
