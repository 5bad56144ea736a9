/**
 * Small text files that a service or a command reads, with a limit.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { readToEnd, UsageError } from "../../net/mod.ts";
import { openInside } from "./confinement.ts";

/**
 * Reads a whole text file.
 *
 * @param path Its path.
 * @param options Maximum size in bytes (16 MiB by default), and whether malformed UTF-8 is an error.
 * @returns Its text; malformed UTF-8 becomes U+FFFD, unless it is an error.
 * @throws {NetwrightError} If it is not there or cannot be read.
 * @throws {UsageError} If it is not UTF-8; the message names the line.
 * @throws {LimitError} If it is larger.
 */
export async function readTextFile(
  path: string,
  { maxBytes = 16 * 1024 * 1024, fatal = false }: {
    readonly maxBytes?: number;
    readonly fatal?: boolean;
  } = {},
): Promise<string> {
  let bytes: Uint8Array;
  try {
    using file = await Deno.open(path);
    bytes = await readToEnd(file, { maxBytes, peer: path });
  } catch (error) {
    throw toFileError(error, { operation: "read", peer: path });
  }
  const text = new TextDecoder().decode(bytes);
  if (!fatal || !text.includes("\ufffd") || isUtf8(bytes)) return text;
  const line = 1 + [...text.slice(0, text.indexOf("\ufffd")).matchAll(/\n/g)].length;
  throw new UsageError(`${path}:${line}: it is not UTF-8`);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a whole text file of a folder in which others may make links.
 *
 * @param root The folder.
 * @param path The file, as `PathGate.admit` gives it.
 * @param maxBytes Maximum size in bytes.
 * @returns Its text; malformed UTF-8 becomes U+FFFD.
 * @throws {InjectionError} If the path leads through a symbolic link.
 * @throws {NetwrightError} If it is not there or cannot be read.
 * @throws {LimitError} If it is larger.
 */
export async function readTextInside(
  root: string,
  path: string,
  maxBytes: number,
): Promise<string> {
  try {
    const { file } = await openInside(root, path);
    using _closing = file;
    return new TextDecoder().decode(await readToEnd(file, { maxBytes, peer: path }));
  } catch (error) {
    throw toFileError(error, { operation: "read", peer: path });
  }
}

/**
 * Makes sure that a folder is there.
 *
 * @param path Which folder.
 * @throws {NetwrightError} If it does not exist, is not a folder, or is not accessible.
 */
export async function requireFolder(path: string): Promise<void> {
  try {
    const { isDirectory } = await Deno.stat(path);
    if (!isDirectory) throw new Deno.errors.NotADirectory(path);
  } catch (error) {
    throw toFileError(error, { operation: "open the folder", peer: path });
  }
}

/**
 * Creates a folder whose parent exists, unless it is there, and checks that files can be created in it.
 *
 * @param path The folder.
 * @throws {NetwrightError} If it cannot be created, or cannot be written.
 */
export async function makeWritableFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
    await requireFolder(path);
    const probe = `${path}/.${crypto.randomUUID()}`;
    (await Deno.open(probe, { write: true, createNew: true })).close();
    await Deno.remove(probe);
  } catch (error) {
    throw toFileError(error, { operation: "write to the folder", peer: path });
  }
}

/**
 * Lists the regular files of a folder.
 *
 * @param path Which folder.
 * @returns Their names, sorted.
 * @throws {NetwrightError} If it is not there or cannot be read.
 */
export async function listFiles(path: string): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const entry of Deno.readDir(path)) if (entry.isFile) names.push(entry.name);
    return names.sort();
  } catch (error) {
    throw toFileError(error, { operation: "read", peer: path });
  }
}

/**
 * Reads a whole file that need not be there.
 *
 * @param path Its path.
 * @param maxBytes Maximum size in bytes.
 * @returns Its content; undefined if there is no such file.
 * @throws {NetwrightError} If it cannot be read.
 * @throws {LimitError} If it is larger.
 */
export async function readBytesIfThere(
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  if (!await isThere(path)) return undefined;
  try {
    using file = await Deno.open(path);
    return await readToEnd(file, { maxBytes, peer: path });
  } catch (error) {
    throw toFileError(error, { operation: "read", peer: path });
  }
}

/**
 * Reads a whole text file that need not be there.
 *
 * @param path Its path.
 * @param maxBytes Maximum size in bytes.
 * @returns Its text, malformed UTF-8 as U+FFFD; undefined if there is no such file.
 * @throws {NetwrightError} If it cannot be read.
 * @throws {LimitError} If it is larger.
 */
export async function readTextIfThere(path: string, maxBytes: number): Promise<string | undefined> {
  return await isThere(path) ? await readTextFile(path, { maxBytes }) : undefined;
}

/**
 * Checks whether there is a file.
 *
 * @param path Its path.
 * @returns Whether there is.
 * @throws {NetwrightError} If that cannot be said.
 */
export async function isThere(path: string): Promise<boolean> {
  return await infoIfThere(path) !== undefined;
}

/**
 * Reads when a file was changed.
 *
 * @param path Its path.
 * @returns The time, in milliseconds since 1970; undefined if there is no file.
 * @throws {NetwrightError} If that cannot be said.
 */
export async function modifiedAt(path: string): Promise<number | undefined> {
  return (await infoIfThere(path))?.mtime?.getTime();
}

async function infoIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw toFileError(error, { operation: "read", peer: path });
  }
}
