/**
 * A tree of files below one folder of the disk.
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";
import { describe, toEntry, UNREADABLE } from "./_disk_entry.ts";
import { listPlainly, openPlainly } from "../files/disk_entries.ts";
import { FilePieces } from "../files/file_pieces.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { confirmInside, listInside, openInside, settle } from "../files/confinement.ts";
import { type FileTree, type TreeEntry, TreeError, type TreeWriteOptions } from "./file_tree.ts";
import {
  type CompleteOptions,
  type ConfirmFile,
  PartialFile,
  partialPath,
  versionTag,
} from "../files/partial_file.ts";
import { PathGate } from "../files/path_gate.ts";

/** How a file is written in several attempts. */
export interface TreePartOptions extends CompleteOptions {
  /** Which version of it this is, by `versionOf`. */
  readonly version: string;
  /** How many bytes of it are there. */
  readonly offset: number;
  /** Whether nothing has its name. @default {false} */
  readonly isNew?: boolean | undefined;
}

/** How a tree is used. */
export interface DiskTreeOptions {
  /**
   * Whether others may swap folders for symbolic links while files are changed, as users of a server may; then a
   * change waits until its folders have been left alone for a moment. @default {false}
   */
  readonly guarded?: boolean | undefined;
}

/**
 * Offers the files below one folder, and nothing else: symbolic links are listed and never followed.
 *
 * @example Files for others
 * ```ts
 * import { DiskTree } from "@netwright/netwright/stores";
 * async function names(root: string): Promise<string[]> {
 *   return (await new DiskTree(root).list([])).map(([name]) => name);
 * }
 * ```
 */
export class DiskTree implements FileTree {
  readonly #gate: PathGate;
  readonly #guarded: boolean;

  /**
   * Offers a folder.
   * @param root The folder.
   * @param options Whether changes are guarded against folders that are swapped meanwhile.
   */
  constructor(root: string, { guarded = false }: DiskTreeOptions = {}) {
    this.#gate = new PathGate(root, { portable: false });
    this.#guarded = guarded;
  }

  /** Waits until the folders above a file that is to be changed are not being swapped. */
  async #settled(path: string): Promise<string> {
    if (this.#guarded && path !== this.#gate.root) await settle(this.#gate.root, path);
    return path;
  }

  /** Makes sure, before and after it is written, that a file lies below the root. */
  #confirming(): ConfirmFile | undefined {
    if (!this.#guarded) return undefined;
    const since = Date.now();
    return (file, path) => void confirmInside(this.#gate.root, path, file, since);
  }

  /** The path on the disk; no part above the last is a link, and neither is the last unless it may be. */
  #path(parts: readonly string[], lastMayBeLink = false): string {
    if (parts.length === 0) return this.#gate.root;
    const path = this.#gate.admit(parts.join("/"));
    const upTo = lastMayBeLink ? path.slice(0, path.lastIndexOf("/")) : path;
    if (upTo.length > this.#gate.root.length) this.#gate.refuseSymlinks(upTo);
    return path;
  }

  // deno-lint-ignore require-await -- errors must become rejections
  async stat(path: readonly string[]): Promise<TreeEntry | undefined> {
    try {
      return describe(this.#path(path, true), path.length === 0);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        return undefined;
      }
      throw toTreeError(error);
    }
  }

  async list(path: readonly string[]): Promise<(readonly [string, TreeEntry])[]> {
    return await translated(async () => {
      const folder = this.#path(path);
      const entries = this.#guarded
        ? await listInside(this.#gate.root, folder)
        : await listPlainly(folder);
      return entries.sort(([a], [b]) => a < b ? -1 : 1)
        .map(([name, info]) =>
          [name, info === undefined ? UNREADABLE : toEntry(info, `${folder}/${name}`)] as const
        );
    });
  }

  async read(path: readonly string[], offset: number): Promise<AsyncIterable<Uint8Array>> {
    return await translated(async () => {
      const target = this.#path(path);
      const { file, info } = this.#guarded
        ? await openInside(this.#gate.root, target)
        : await openPlainly(target);
      try {
        const { isFile, size } = info;
        if (!isFile) throw new TreeError("is a folder");
        if (offset > 0) await file.seek(offset, Deno.SeekMode.Start);
        return new FilePieces(file, size - offset);
      } catch (error) {
        file.close();
        throw error;
      }
    });
  }

  async write(
    path: readonly string[],
    content: AsyncIterable<Uint8Array>,
    { at, keepNew = false }: TreeWriteOptions = {},
  ): Promise<void> {
    await translated(async () => {
      const target = this.#path(path);
      const before = await Deno.lstat(target).catch(() => undefined);
      if (before?.isDirectory) throw new TreeError("is a folder");
      if (before !== undefined && !before.isFile) throw new TreeError("no file");
      if (at === undefined) {
        const mode = before?.mode;
        await writeAtomically(target, content, {
          mode: mode == null ? undefined : mode & 0o777,
          confirm: this.#confirming(),
          keepNew: keepNew && before === undefined,
        });
        return;
      }
      if (typeof at === "number" && at > (before?.size ?? 0)) throw new TreeError("denied");
      const confirm = this.#confirming();
      // The system appends each piece at the end of that moment: no other client's bytes are overwritten.
      const mode = at === "end" ? { append: true } : { write: true };
      using file = await Deno.open(target, { ...mode, create: true });
      confirm?.(file, target);
      if (at !== "end") {
        await file.truncate(at);
        await file.seek(at, Deno.SeekMode.Start);
      }
      for await (const piece of content) await writeAll(file, piece);
      await file.sync();
    });
  }

  /**
   * Writes a file beside its place, where it stays until it is whole, whatever happens meanwhile.
   * @param path The file.
   * @param content The bytes behind those of an earlier attempt.
   * @param options Which version, how much of it is there, and time and mode for the end.
   * @throws {TreeError} If it cannot be written, or another amount is there.
   */
  async writePart(
    path: readonly string[],
    content: AsyncIterable<Uint8Array>,
    options: TreePartOptions,
  ): Promise<void> {
    const { version, offset, isNew } = options;
    await translated(async () => {
      const target = this.#path(path, true);
      const resume = offset > 0;
      await using partial = await PartialFile.open(target, {
        version,
        resume,
        isNew,
        confirm: this.#confirming(),
      });
      if (partial.size !== offset) throw new TreeError("denied", { peer: partial.path });
      for await (const piece of content) await partial.write(piece);
      // Its time may be known only now.
      await partial.complete(options);
    });
  }

  async makeLink(path: readonly string[], target: string): Promise<void> {
    await translated(async () => {
      const link = this.#path(path, true);
      const beside = partialPath(link, versionTag(crypto.randomUUID()));
      await Deno.symlink(target, beside).catch((cause) => {
        // The runtime lets no program make links that may write into some folders only.
        if (!(cause instanceof Deno.errors.NotCapable)) throw cause;
        throw new TreeError("unsupported", { operation: "make a link", cause });
      });
      try {
        await Deno.rename(beside, link);
      } catch (error) {
        await Deno.remove(beside);
        throw error;
      }
    });
  }

  /** Makes the folder itself that is offered, and those above it. */
  async makeRoot(): Promise<void> {
    await translated(async () => await Deno.mkdir(this.#gate.root, { recursive: true }));
  }

  async makeFolder(path: readonly string[]): Promise<void> {
    await translated(async () => await Deno.mkdir(await this.#settled(this.#path(path))));
  }

  async removeFolder(path: readonly string[]): Promise<void> {
    if (path.length === 0) throw new TreeError("denied");
    await translated(async () => {
      const folder = await this.#settled(this.#path(path));
      if (!Deno.lstatSync(folder).isDirectory) throw new TreeError("no folder");
      Deno.removeSync(folder);
    });
  }

  async remove(path: readonly string[]): Promise<void> {
    await translated(async () => {
      const file = await this.#settled(this.#path(path, true));
      if (Deno.lstatSync(file).isDirectory) throw new TreeError("is a folder");
      Deno.removeSync(file);
    });
  }

  async rename(from: readonly string[], to: readonly string[]): Promise<void> {
    if (from.length === 0 || to.length === 0) throw new TreeError("denied");
    await translated(async () => {
      const [source, target] = [this.#path(from, true), this.#path(to, true)];
      if (target.startsWith(`${source}/`)) {
        throw new TreeError("denied", { operation: "move a folder into itself" });
      }
      const there = await Deno.lstat(target).catch(() => undefined);
      if (there?.isDirectory && source !== target) throw new TreeError("exists");
      await this.#settled(source);
      await this.#settled(target);
      Deno.renameSync(source, target);
    });
  }

  async setModified(path: readonly string[], time: Date): Promise<void> {
    await translated(async () =>
      Deno.utimeSync(await this.#settled(this.#path(path)), new Date(), time)
    );
  }

  async setMode(path: readonly string[], mode: number): Promise<void> {
    await translated(async () => Deno.chmodSync(await this.#settled(this.#path(path)), mode));
  }
}

async function translated<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toTreeError(error);
  }
}

/** Converts the system's errors to ours; others stay unchanged. */
function toTreeError(error: unknown): unknown {
  const context = { cause: error };
  if (error instanceof Deno.errors.NotFound) return new TreeError("not found", context);
  if (error instanceof Deno.errors.AlreadyExists) return new TreeError("exists", context);
  if (error instanceof Deno.errors.NotADirectory) return new TreeError("no folder", context);
  if (error instanceof Deno.errors.IsADirectory) return new TreeError("is a folder", context);
  if (
    error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable
  ) return new TreeError("denied", context);
  const text = error instanceof Error ? error.message : "";
  if (/not empty/i.test(text)) return new TreeError("not empty", context);
  if (/no space|quota|too large/i.test(text)) return new TreeError("full", context);
  return error;
}
