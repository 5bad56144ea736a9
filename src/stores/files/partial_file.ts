/**
 * A file that grows beside its target until it is whole, and that a later attempt can go on with.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { NetwrightError, writeAll } from "../../net/mod.ts";

/** Bytes that are gathered before they are written. */
const GATHERED_BYTES = 256 * 1024;
/** So few bytes are written in less time than the way to another thread and back takes. */
const FEW_BYTES = 64 * 1024;
/** Buffers that are used again: zeroing a new one costs more than writing a small file. */
const spareBuffers: Uint8Array[] = [];
const MOST_SPARE = 8;
const NOTHING = new Uint8Array(0);

/** Throws if an open file is not the one that its path leads to. */
export type ConfirmFile = (file: Deno.FsFile, path: string) => void;

/** The facts about a new file. */
export interface PartialOptions {
  /** Whether to resume an earlier attempt. @default {false} */
  readonly resume?: boolean | undefined;
  /** Which version it is of; attempts at different ones are kept apart. */
  readonly version?: string | undefined;
  /** Whether nothing has the target's name: it is not looked for again then. @default {false} */
  readonly isNew?: boolean | undefined;
  /** Called with the file before the first byte is written and before it is renamed; may throw. */
  readonly confirm?: ConfirmFile | undefined;
}

/** What becomes of a whole file. */
export interface CompleteOptions {
  /** When it was changed. */
  readonly modified?: Date | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** Whether its content is on the disk before it gets its name. @default {true} */
  readonly synced?: boolean | undefined;
}

/**
 * An incomplete file: `.NAME.part`, beside the target. Disposing of it keeps the bytes so far, unless
 * there are none.
 *
 * @example A file that comes in pieces
 * ```ts
 * import { PartialFile } from "./partial_file.ts";
 * async function save(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
 *   await using file = await PartialFile.open(path);
 *   for await (const piece of pieces) await file.write(piece);
 *   await file.complete();
 * }
 * ```
 */
export class PartialFile implements AsyncDisposable {
  /** Where it will be when it is whole. */
  readonly target: string;
  /** Where it is. */
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #confirm: ConfirmFile | undefined;
  #size: number;
  #isOpen = true;
  #buffer: Uint8Array | undefined;
  /** Bytes in the buffer that are not in the file yet. */
  #gathered = 0;

  private constructor(
    target: string,
    path: string,
    file: Deno.FsFile,
    size: number,
    confirm: ConfirmFile | undefined,
    targetMode: number | undefined,
  ) {
    this.targetMode = targetMode;
    this.written = size > 0 ? file.statSync().mtime ?? undefined : undefined;
    this.#confirm = confirm;
    this.target = target;
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Begins a file, or resumes one.
   * @param target Where it will be when it is whole.
   * @param options The facts about it.
   * @returns The file; writing continues at its end.
   * @throws {NetwrightError} If the target exists and is not a file.
   */
  static async open(
    target: string,
    options: PartialOptions = {},
  ): Promise<PartialFile> {
    const there = options.isNew === true ? undefined : lookAt(target);
    // A device such as /dev/null must not be replaced by a file.
    if (there !== undefined && !there.isFile && !there.isSymlink) {
      const reason = there.isDirectory ? "it is a folder" : "it is not a file";
      throw new NetwrightError(reason, { operation: "write a file", peer: target });
    }
    const path = partialPath(target, options.version);
    const { file, resume, isFresh } = await openBeside(path, options.resume === true);
    try {
      options.confirm?.(file, path);
      // An earlier attempt is cut off only now that the file is known to be ours.
      // A file that was cut off once is written to the disk when it is closed (ext4): a new one is not.
      if (!resume && !isFresh) await file.truncate(0);
      const size = resume ? await file.seek(0, Deno.SeekMode.End) : 0;
      return new PartialFile(
        target,
        path,
        file,
        size,
        options.confirm,
        there?.isFile === true && there.mode !== null ? there.mode & 0o777 : undefined,
      );
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The permission bits of the file that it will replace; undefined if there is none. */
  readonly targetMode: number | undefined;
  /** When an earlier attempt last wrote to it; undefined if it was empty. */
  readonly written: Date | undefined;

  /** How many bytes it has. */
  get size(): number {
    return this.#size;
  }

  /**
   * Reads the last bytes of an earlier attempt.
   * @param maxBytes Maximum number of bytes.
   * @returns The bytes before the end of the file, which must have been opened with `resume`.
   * @throws {NetwrightError} If another program cut the file off meanwhile.
   */
  async tail(maxBytes: number): Promise<Uint8Array> {
    await this.#flush();
    const length = Math.min(maxBytes, this.#size);
    const bytes = new Uint8Array(length);
    await this.#file.seek(-length, Deno.SeekMode.End);
    for (let done = 0; done < length;) {
      const count = await this.#file.read(bytes.subarray(done));
      if (count === null) throw new NetwrightError("it was cut off", { peer: this.path });
      done += count;
    }
    return bytes;
  }

  /** Begins again. */
  async restart(): Promise<void> {
    this.#gathered = 0;
    if (this.#size === 0) return;
    await this.#file.truncate(0);
    await this.#file.seek(0, Deno.SeekMode.Start);
    this.#size = 0;
  }

  /** Adds a piece; small ones are gathered, and reach the file together. */
  async write(piece: Uint8Array): Promise<void> {
    // Without a turn in between, the system writes while the caller reads on.
    if (this.#gathered > 0 && this.#gathered + piece.length > GATHERED_BYTES) await this.#flush();
    this.#size += piece.length;
    if (this.#gathered === 0 && piece.length >= GATHERED_BYTES / 2) {
      return await writeAll(this.#file, piece);
    }
    this.#buffer ??= spareBuffers.pop() ?? new Uint8Array(GATHERED_BYTES);
    this.#buffer.set(piece, this.#gathered);
    this.#gathered += piece.length;
  }

  async #flush(): Promise<void> {
    const gathered = this.#buffer?.subarray(0, this.#gathered) ?? NOTHING;
    this.#gathered = 0;
    if (gathered.length > FEW_BYTES) return await writeAll(this.#file, gathered);
    let done = 0;
    while (done < gathered.length) done += this.#file.writeSync(gathered.subarray(done));
  }

  /** Makes it the target: synced, with its time and mode, in place of the old file. */
  async complete({ modified, mode, synced = true }: CompleteOptions = {}): Promise<void> {
    // What takes some microseconds only is not worth the way to another thread.
    await this.#flush();
    if (mode !== undefined) Deno.chmodSync(this.path, mode & 0o777);
    if (synced) await this.#file.sync();
    if (modified !== undefined) this.#file.utimeSync(modified, modified);
    this.#confirm?.(this.#file, this.path);
    Deno.renameSync(this.path, this.target);
    this.#close();
  }

  #close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
    if (this.#buffer !== undefined && spareBuffers.length < MOST_SPARE) {
      spareBuffers.push(this.#buffer);
    }
    this.#buffer = undefined;
  }

  /** Closes it; the bytes so far stay for another attempt, unless there are none. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    try {
      await this.#flush();
    } finally {
      this.#close();
    }
    if (this.#size === 0) await Deno.remove(this.path);
  }
}

/**
 * Begins or resumes a file as {@link PartialFile.open} does. If its folder is missing, the error names the folder, not the
 * partial file.
 *
 * @param target Where it will be when it is whole.
 * @param options The facts about it.
 * @returns The file.
 * @throws {NetwrightError} If there is no such folder, or the target exists and is not a file.
 */
export async function openPartialFile(
  target: string,
  options: PartialOptions = {},
): Promise<PartialFile> {
  try {
    return await PartialFile.open(target, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw toFileError(error, { peer: target });
    const folder = target.slice(0, target.lastIndexOf("/")) || ".";
    throw new NetwrightError("there is no such folder", { peer: folder, cause: error });
  }
}

/** Opens the incomplete file, which no other process writes. */
async function openBeside(
  path: string,
  mayResume: boolean,
  tries = 3,
): Promise<{ file: Deno.FsFile; resume: boolean; isFresh: boolean }> {
  try {
    const file = await Deno.open(path, { write: true, createNew: true });
    lock(file, path);
    return { file, resume: false, isFresh: true };
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  const isFile = lookAt(path)?.isFile === true;
  // Whatever else bears the name, such as a link, is not ours to write through.
  if (!isFile) await Deno.remove(path);
  const resume = mayResume && isFile;
  try {
    const file = await Deno.open(path, { read: resume, write: true, createNew: !isFile });
    lock(file, path);
    return { file, resume, isFresh: !isFile };
  } catch (error) {
    // Another process has just completed it, or begun it.
    const isRace = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.AlreadyExists;
    if (!isRace || tries <= 1) throw error;
    return await openBeside(path, mayResume, tries - 1);
  }
}

/** Keeps other processes from writing the same file; it ends with the file. */
function lock(file: Deno.FsFile, path: string): void {
  // Runtimes before 2.9 can only wait for a lock.
  if (!("tryLockSync" in file) || file.tryLockSync(true)) return;
  file.close();
  throw new NetwrightError("another process is writing this file", {
    operation: "write a file",
    peer: path,
  });
}

/** The existing file, if any. */
function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Maximum length of a partial file's name without its additions, in bytes: names have at most 255. */
const MAX_BYTES = 220;

/**
 * Returns the path of an incomplete file.
 *
 * @param target Where it will be.
 * @param version Which version of it this is, by {@link versionTag}; attempts at different ones are kept apart.
 * @returns `.NAME.part` or `.NAME.VERSION.part`, beside the target; of a long name only the beginning.
 */
export function partialPath(target: string, version?: string): string {
  const slash = target.lastIndexOf("/") + 1;
  const name = target.slice(slash);
  // Two long names may begin alike.
  const cut = cutToBytes(name, MAX_BYTES);
  const tag = cut === name ? version : versionTag(`${name} ${version ?? ""}`);
  return `${target.slice(0, slash)}.${cut}${tag === undefined ? "" : `.${tag}`}.part`;
}

/** Whether a name is one that {@link partialPath} gives for some version of some file. */
export function isVersionedPartial(name: string): boolean {
  return /^\..*\.[0-9a-z]{14}\.part$/s.test(name);
}

/**
 * Makes a short name of what identifies the version of a file, such as its size and time.
 *
 * @param text What identifies it.
 * @returns 14 letters and digits.
 */
export function versionTag(text: string): string {
  const bytes = new TextEncoder().encode(text);
  // FNV-1a, twice: nothing secret, only short.
  const half = (seed: number): string => {
    let hash = seed;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    return (hash >>> 0).toString(36).padStart(7, "0");
  };
  return half(0x811c9dc5) + half(0x9747b28c);
}

function cutToBytes(text: string, most: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= most) return text;
  // A character that is cut in two is left out.
  return new TextDecoder().decode(bytes.subarray(0, most), { stream: true });
}
