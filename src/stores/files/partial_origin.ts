/**
 * What an incomplete file is the beginning of.
 *
 * @module
 */

import { readTextIfThere } from "./text_file.ts";
import { partialPath } from "./partial_file.ts";

/** Largest description, in bytes. */
const MAX_BYTES = 64 * 1024;

/**
 * Gives the path of the description of an incomplete file.
 *
 * @param target Where the file will be when it is complete.
 * @returns Beside the incomplete file.
 */
export function originPath(target: string): string {
  return `${partialPath(target)}.from`;
}

/**
 * Reads what an incomplete file is the beginning of.
 *
 * @param target Where the file will be when it is complete.
 * @returns How many bytes there are, and the description; undefined if there is no such file, or no description.
 */
export async function readOrigin(
  target: string,
): Promise<{ readonly bytes: number; readonly origin: string } | undefined> {
  let bytes: number;
  try {
    const { isFile, size } = await Deno.lstat(partialPath(target));
    if (!isFile || size === 0) return undefined;
    bytes = size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const origin = await readTextIfThere(originPath(target), MAX_BYTES);
  return origin === undefined ? undefined : { bytes, origin };
}

/**
 * Records what an incomplete file is the beginning of. A description that was not written to its end is none.
 *
 * @param target Where the file will be when it is complete.
 * @param origin The description; undefined if there is none any more.
 */
export async function writeOrigin(target: string, origin: string | undefined): Promise<void> {
  const path = originPath(target);
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (origin === undefined) return;
  // Whatever else bears the name by now, such as a link, is not written through.
  await Deno.writeTextFile(path, origin, { createNew: true, mode: 0o600 });
}
