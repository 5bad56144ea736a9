/**
 * The file of what a person has read.
 *
 * @module
 */

import { Newsrc } from "../../protocols/nntp/mod.ts";
import { readTextIfThere, writeAtomically } from "../../stores/internal.ts";

/** Largest file, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads the file.
 *
 * @param path The file; undefined for none.
 * @returns What was read; nothing if there is no file.
 */
export async function readNewsrc(path: string | undefined): Promise<Newsrc> {
  const text = path === undefined ? undefined : await readTextIfThere(path, MAX_BYTES);
  return new Newsrc(text);
}

/**
 * Writes the file as a whole; marks that another program has made meanwhile are kept.
 *
 * @param path The file.
 * @param mark Makes the marks.
 */
export async function updateNewsrc(path: string, mark: (newsrc: Newsrc) => void): Promise<void> {
  const newsrc = await readNewsrc(path);
  mark(newsrc);
  await writeAtomically(path, new TextEncoder().encode(`${newsrc}`));
}
