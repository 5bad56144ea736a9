/**
 * Files that anyone may read: one folder, and nothing that lies outside it.
 *
 * @module
 */

import { InjectionError, NetwrightError } from "../../net/mod.ts";
import { SmallFiles } from "./_small_files.ts";
import { listInside, openInside } from "../files/confinement.ts";
import { PathGate } from "../files/path_gate.ts";

/** Bytes read at once. */
const CHUNK_BYTES = 65_536;

/** A file that was opened for reading. */
export interface PublicFile extends Disposable {
  /** Its kind. */
  readonly kind: "file";
  /** Its size, in bytes. */
  readonly size: number;
  /** When it was changed last. */
  readonly modified: Date;
  /** Its content, if it is small; not to be changed. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /**
   * Reads a part of it.
   * @param start The first byte.
   * @param end The byte behind the last.
   * @returns Pieces that the caller owns.
   * @throws {NetwrightError} If the file has become shorter.
   */
  read(start: number, end: number): AsyncGenerator<Uint8Array>;
}

/** A folder. */
export interface PublicFolder {
  /** Its kind. */
  readonly kind: "folder";
  /** When it was changed last. */
  readonly modified: Date;
}

/** An entry of a folder. */
export interface PublicEntry {
  /** Its name. */
  readonly name: string;
  /** The kind. A file whose name is not UTF-8 cannot be opened; devices, sockets and links are not listed. */
  readonly kind: "file" | "folder" | "not UTF-8";
  /** Its size, in bytes; 0 for all but files. */
  readonly size: number;
  /** When it was changed last. */
  readonly modified: Date;
}

/** How {@link PublicFiles} reads. */
export interface PublicFilesOptions {
  /** How long a small file is believed not to have changed, in milliseconds; 0 asks each time. @default {50} */
  readonly keptMs?: number | undefined;
}

/**
 * The files below one folder. Symbolic links are not followed, names that begin with a dot are not there but for
 * `.well-known` (RFC 8615), and whatever is neither a file nor a folder is not either.
 */
export class PublicFiles {
  readonly #gate: PathGate;
  readonly #small: SmallFiles<KeptFile>;

  /**
   * Opens nothing yet.
   * @param root The folder.
   * @param options How long small files are kept.
   */
  constructor(root: string, { keptMs = 50 }: PublicFilesOptions = {}) {
    this.#gate = new PathGate(root);
    this.#small = new SmallFiles(keptMs, 16 * 1024 * 1024);
  }

  /**
   * Gives a small file that was read a moment ago, without waiting.
   * @param name As for {@link open}.
   * @returns The file, the same object while its metadata is unchanged; else undefined.
   */
  kept(name: string): PublicFile | undefined {
    return this.#small.get(name);
  }

  /**
   * Opens a file or folder by name.
   * @param name The name from the network, its parts divided by slashes; empty for the folder itself.
   * @returns The file, to be disposed of, or the folder; undefined if there is nothing that anyone may read.
   */
  async open(name: string): Promise<PublicFile | PublicFolder | undefined> {
    const kept = this.#small.get(name);
    if (kept !== undefined) return kept;
    const path = this.#admit(name);
    if (path === undefined) return undefined;
    try {
      const there = path === this.#gate.root ? await Deno.stat(path) : await Deno.lstat(path);
      if (there.isDirectory) return { kind: "folder", modified: timeOf(there.mtime) };
      const { file, info } = await openInside(this.#gate.root, path);
      const modified = timeOf(info.mtime);
      const open = new OpenFile(file, info.size, modified, name);
      if (info.size > SmallFiles.MAX_FILE_BYTES) return open;
      using _closing = open;
      const small = new KeptFile(await readWhole(file, info.size), modified);
      this.#small.keep(name, small);
      return small;
    } catch (error) {
      if (isNothing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Lists a folder.
   * @param name Its name; empty for the folder itself.
   * @returns Its entries by name, folders first; undefined if it is none.
   */
  async list(name: string): Promise<PublicEntry[] | undefined> {
    const path = this.#admit(name);
    if (path === undefined) return undefined;
    const entries: PublicEntry[] = [];
    try {
      for (const [name, info] of await listInside(this.#gate.root, path)) {
        if (!isPublicName(name)) continue;
        if (info === undefined) {
          entries.push({ name, kind: "not UTF-8", size: 0, modified: new Date(0) });
          continue;
        }
        if (!info.isFile && !info.isDirectory) continue;
        const { isFile, size, mtime } = info;
        const kind = isFile ? "file" : "folder";
        entries.push({ name, kind, size: isFile ? size : 0, modified: timeOf(mtime) });
      }
    } catch (error) {
      if (isNothing(error)) return undefined;
      throw error;
    }
    return entries.sort((a, b) =>
      a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === "folder" ? -1 : 1
    );
  }

  #admit(name: string): string | undefined {
    if (name === "") return this.#gate.root;
    const [first = "", ...rest] = name.split("/");
    if (!(isPublicName(first) || first === WELL_KNOWN) || !rest.every(isPublicName)) {
      return undefined;
    }
    try {
      const path = `${this.#gate.root}/${name}`;
      this.#gate.refuseSymlinks(path);
      return path;
    } catch (error) {
      if (error instanceof InjectionError || isNothing(error)) return undefined;
      throw error;
    }
  }
}

/** A file whose bytes are here already. */
class KeptFile implements PublicFile {
  readonly kind = "file";
  readonly size: number;
  readonly modified: Date;
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>, modified: Date) {
    this.size = bytes.length;
    this.modified = modified;
    this.bytes = bytes;
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array> {
    yield this.bytes.slice(start, end);
  }

  [Symbol.dispose](): void {}
}

class OpenFile implements PublicFile {
  readonly kind = "file";
  readonly size: number;
  readonly modified: Date;
  readonly #file: Deno.FsFile;
  readonly #name: string;

  constructor(file: Deno.FsFile, size: number, modified: Date, name: string) {
    this.#file = file;
    this.#name = name;
    this.size = size;
    this.modified = modified;
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array> {
    if (start > 0) await this.#file.seek(start, Deno.SeekMode.Start);
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(1, end - start)));
    for (let left = end - start; left > 0;) {
      const count = await this.#file.read(buffer.subarray(0, Math.min(left, buffer.length)));
      if (count === null) {
        throw new NetwrightError(`it ended ${left} bytes too early`, {
          operation: "read a file",
          peer: this.#name,
        });
      }
      left -= count;
      yield buffer.slice(0, count);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Meant for everybody, in spite of its dot (RFC 8615 §3). */
const WELL_KNOWN = ".well-known";

/** An existing file may have any name, unless that leads elsewhere. */
function isPublicName(part: string): boolean {
  return part !== "" && !part.startsWith(".") && !/[/\\\x00-\x1f\x7f]/.test(part);
}

/** Reads a small file; one that has grown meanwhile is read in its old length. */
async function readWhole(file: Deno.FsFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** ENAMETOOLONG, ELOOP and EINVAL, for which the runtime has no class: nothing can have such a name. */
const NO_SUCH_NAME = /\(os error (?:36|40|22|63|62)\)/;

/** A missing, forbidden or wrong kind of file is reported as missing. */
function isNothing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.FilesystemLoop ||
    error instanceof Deno.errors.NotCapable || error instanceof InjectionError ||
    error instanceof Error && NO_SUCH_NAME.test(error.message);
}

function timeOf(date: Date | null): Date {
  return date ?? new Date(0);
}
