/**
 * New files under names of others: safe names, each given once, nothing overwritten.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { NetwrightError, type Writer } from "../../net/mod.ts";
import { writeAtomically } from "./atomic_file.ts";
import { checkName } from "./path_gate.ts";

/** Longest name that is made, in bytes of UTF-8: room stays for a number. */
const MAX_BYTES = 200;
/** Most files of one name. */
const MAX_SAME = 10_000;

/**
 * Makes a name that any file may bear of a name from the network: only what follows its last slash, nothing that no
 * file system or terminal takes well.
 *
 * @param name The requested name.
 * @param otherwise The name if nothing of it can stay.
 * @returns A name that the path gate lets through.
 *
 * @example A name that climbs
 * ```ts
 * import { localName } from "./new_file.ts";
 * if (localName("../../etc/passwd", "file") !== "passwd") throw new Error("it climbed");
 * if (localName("CON", "file") !== "_CON") throw new Error("a device");
 * ```
 */
export function localName(name: string, otherwise: string): string {
  const last = name.toWellFormed().normalize("NFC").split(/[/\\]/).at(-1)!;
  const plain = last.replace(UNSAFE, "_").replace(/^[\s.]+|[\s.]+$/g, "");
  const short = cut(plain);
  if (short.replace(/_/g, "") === "") return otherwise;
  // A hyphen at the beginning makes options of names.
  if (short.startsWith("-")) return `_${short}`;
  try {
    checkName(short);
    return short;
  } catch {
    // What else may be wrong is that it is a device's name: with a mark before it, it is none.
    return `_${short}`;
  }
}

/** Controls, invisible and bidirectional characters, and those with a meaning to some system. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}<>:"|?*]/gu;

/** Cuts a long name before its ending. */
function cut(name: string): string {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  if (bytes(name) <= MAX_BYTES) return name;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? "";
  let kept = "";
  let size = bytes(ending);
  for (const character of name) {
    size += bytes(character);
    if (size > MAX_BYTES) break;
    kept += character;
  }
  return kept.trimEnd() + ending;
}

/**
 * Writes a file that was not there before: whole or not at all, and never in place of another.
 *
 * @param folder The folder.
 * @param name Its name, as {@link localName} gives it; if that is taken, `NAME-2`, `NAME-3` and so on, before its ending.
 * @param content Its content.
 * @returns Where it is, and how many bytes it has.
 * @throws {NetwrightError} If too many files have this name.
 * @throws {InjectionError} If it is not a valid file name.
 *
 * @example Two files of one name
 * ```ts
 * import { writeNewFile } from "./new_file.ts";
 * async function save(folder: string, content: Uint8Array): Promise<string> {
 *   return (await writeNewFile(folder, "letter.txt", content)).path;
 * }
 * ```
 */
export async function writeNewFile(
  folder: string,
  name: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<{ readonly path: string; readonly bytes: number }> {
  checkName(name);
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let number = 1; number <= MAX_SAME; number++) {
    const path = `${folder}/${stem}${number === 1 ? "" : `-${number}`}${ending}`;
    try {
      // The name is taken first, so that no other program can have it meanwhile.
      using _ = await Deno.open(path, { write: true, createNew: true });
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw error;
    }
    try {
      return { path, bytes: await writeAtomically(path, content) };
    } catch (error) {
      await Deno.remove(path).catch(() => {});
      throw error;
    }
  }
  throw new NetwrightError(`there are ${MAX_SAME} files of this name`, {
    operation: "write a file",
    peer: `${folder}/${name}`,
  });
}

/**
 * Opens what is no regular file, such as a pipe of the file system, to write to it.
 *
 * @param path Its path.
 * @returns It, open; undefined if it is a regular file, a folder, or not there.
 * @throws {NetwrightError} If it cannot be written.
 */
export async function openSpecialFile(path: string): Promise<(Writer & Disposable) | undefined> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    return isFile || isDirectory ? undefined : await Deno.open(path, { write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw toFileError(error, { operation: "write", peer: path });
  }
}
