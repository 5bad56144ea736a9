/**
 * The file of the articles that a person has read.
 *
 * @module
 */

import { Newsrc } from "../../protocols/nntp/mod.ts";
import { readBytesIfThere, replaceFile } from "../../stores/internal.ts";

/** Largest file, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads the file.
 *
 * @param path The file; undefined for none.
 * @returns The read articles; none if the file is missing.
 */
export async function readNewsrc(path: string | undefined): Promise<Newsrc> {
  const bytes = path === undefined ? undefined : await readBytesIfThere(path, MAX_BYTES);
  // Names of groups may be of any charset: each byte is a character here.
  return new Newsrc(bytes && Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
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
  const bytes = Uint8Array.from(`${newsrc}`, (character) => character.charCodeAt(0));
  await replaceFile(path, bytes);
}
