/**
 * A file that grows beside its target until it is whole, and that a later attempt can go on with.
 *
 * @module
 */

import { writeAll } from "../net/mod.ts";

/** What becomes of a whole file. */
export interface CompleteOptions {
  /** When it was changed. */
  readonly modified?: Date | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
}

/**
 * A file that is not whole yet: `.NAME.part`, beside the target. Disposing of it keeps what has come, unless
 * that is nothing.
 *
 * @example A file that comes in pieces
 * ```ts
 * import { PartialFile } from "@netwright/netwright";
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
  #size: number;
  #isOpen = true;

  private constructor(target: string, path: string, file: Deno.FsFile, size: number) {
    this.target = target;
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Begins a file, or goes on with one.
   * @param target Where it will be when it is whole.
   * @param options Whether to go on with what an earlier attempt left.
   * @returns The file; writing goes on at its end.
   */
  static async open(
    target: string,
    options: { readonly resume?: boolean | undefined } = {},
  ): Promise<PartialFile> {
    const path = partialPath(target);
    const info = await Deno.lstat(path).catch(() => undefined);
    // Whatever else bears the name, such as a link, is not ours to write through.
    if (info !== undefined && !info.isFile) await Deno.remove(path);
    const resume = options.resume === true && info?.isFile === true;
    const file = await Deno.open(path, { write: true, create: true, truncate: !resume });
    const size = resume ? await file.seek(0, Deno.SeekMode.End) : 0;
    return new PartialFile(target, path, file, size);
  }

  /** How many bytes it has. */
  get size(): number {
    return this.#size;
  }

  /** Begins again. */
  async restart(): Promise<void> {
    await this.#file.truncate(0);
    await this.#file.seek(0, Deno.SeekMode.Start);
    this.#size = 0;
  }

  /** Adds a piece. */
  async write(piece: Uint8Array): Promise<void> {
    await writeAll(this.#file, piece);
    this.#size += piece.length;
  }

  /** Makes it the target: synced, with its time and mode, in place of what was there. */
  async complete({ modified, mode }: CompleteOptions = {}): Promise<void> {
    if (mode !== undefined) await Deno.chmod(this.path, mode & 0o777);
    await this.#file.sync();
    this.#close();
    if (modified !== undefined) await Deno.utime(this.path, modified, modified);
    await Deno.rename(this.path, this.target);
  }

  #close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }

  /** Closes it; what has come stays for another attempt, unless that is nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    this.#close();
    if (this.#size === 0) await Deno.remove(this.path);
  }
}

/** Where a file is until it is whole. */
export function partialPath(target: string): string {
  const slash = target.lastIndexOf("/") + 1;
  return `${target.slice(0, slash)}.${target.slice(slash, slash + 200)}.part`;
}
