/**
 * Files that are whole or not there: written beside their target, synced and renamed.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { writeAll } from "../../net/mod.ts";
import { type ConfirmFile, partialPath, versionTag } from "./partial_file.ts";

/** How {@link writeAtomically} writes. */
export interface AtomicWriteOptions {
  /** Permission bits of the file. @default {0o666 without the umask} */
  readonly mode?: number | undefined;
  /** Called with the unfinished file before the first byte is written and before it is renamed; may throw. */
  readonly confirm?: ConfirmFile | undefined;
  /**
   * Whether an incomplete new file keeps the target's name when the content breaks off. The error is thrown
   * all the same. @default {false}
   */
  readonly keepNew?: boolean | undefined;
}

/**
 * Writes a file beside its target, syncs it and renames it over the target. Until then the target is
 * unchanged; if anything fails, the unfinished file is removed.
 *
 * @param path The target; a name from the network must have passed a `PathGate`.
 * @param content The whole content, or pieces as they come.
 * @param options Permissions.
 * @returns How many bytes were written.
 *
 * @example Replace a file
 * ```ts
 * import { writeAtomically } from "./atomic_file.ts";
 * async function save(path: string, text: string): Promise<number> {
 *   return await writeAtomically(path, new TextEncoder().encode(text));
 * }
 * ```
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: AtomicWriteOptions = {},
): Promise<number> {
  const beside = partialPath(path, versionTag(crypto.randomUUID()));
  const { mode, confirm, keepNew = false } = options;
  let bytes = 0;
  try {
    {
      using file = await Deno.open(beside, {
        write: true,
        createNew: true,
        ...(mode !== undefined && { mode }),
      });
      confirm?.(file, beside);
      const pieces = content instanceof Uint8Array ? [content] : content;
      let isWriting = false;
      try {
        for await (const piece of pieces) {
          isWriting = true;
          await writeAll(file, piece);
          isWriting = false;
          bytes += piece.length;
        }
      } catch (error) {
        if (keepNew && !isWriting && bytes > 0 && isFree(path)) {
          confirm?.(file, beside);
          Deno.renameSync(beside, path);
        }
        // The runtime does not say which file is on a full disk.
        throw isWriting ? toFileError(error, { operation: "write", peer: path }) : error;
      }
      await file.sync();
      confirm?.(file, beside);
      Deno.renameSync(beside, path);
    }
  } catch (error) {
    // The file may have its name already, or never have been made; the first error is the one that matters.
    await Deno.remove(beside).catch(() => {});
    throw error;
  }
  return bytes;
}

function isFree(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

/**
 * Replaces a file of a person: its permission bits stay, a link leads to the same file as before, and one that may not be
 * written is left alone.
 *
 * @param path The file; made if it is not there.
 * @param content Its new content.
 * @throws {NetwrightError} If it cannot be written.
 */
export async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  try {
    let mode: number | undefined;
    try {
      // A file that may not be written is not to be replaced either.
      using file = await Deno.open(path, { write: true });
      mode = (await file.stat()).mode ?? undefined;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const { isSymlink } = await Deno.lstat(path).catch(() => ({ isSymlink: false }));
    const bits = mode === undefined ? {} : { mode: mode & 0o777 };
    // Beside the file that a link leads to, nothing may be writable.
    if (isSymlink) await Deno.writeFile(path, content);
    else await writeAtomically(path, content, bits);
  } catch (error) {
    throw toFileError(error, { operation: "write", peer: path });
  }
}
