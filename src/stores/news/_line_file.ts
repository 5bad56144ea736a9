/**
 * A file of lines that grows, or is replaced as a whole, by any process.
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 1024 * 1024;

/** Follows a file: what has been added since it was looked at last. */
export class LineFile {
  /** Its path. */
  readonly path: string;
  #identity: string | undefined;
  /** Up to here it was read: the end of its last whole line. */
  #end = 0;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Reads what is new.
   * @param onReplaced Called if the file was replaced, before it is read from its beginning.
   * @param onBytes Called with whole lines, each ending with LF, and where they begin in the file.
   */
  async refresh(
    onReplaced: () => void,
    onBytes: (bytes: Uint8Array, start: number) => void,
  ): Promise<void> {
    let info: Deno.FileInfo;
    try {
      info = Deno.statSync(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (this.#identity !== undefined) onReplaced();
      this.#identity = undefined;
      this.#end = 0;
      return;
    }
    if (this.#isSame(info) && info.size === this.#end) return;
    using file = await Deno.open(this.path);
    info = await file.stat();
    if (!this.#isSame(info) || info.size < this.#end) {
      if (this.#identity !== undefined) onReplaced();
      this.#identity = identityOf(info);
      this.#end = 0;
    }
    await file.seek(this.#end, Deno.SeekMode.Start);
    let rest = new Uint8Array(0);
    const buffer = new Uint8Array(PIECE_BYTES);
    for (let count; (count = await file.read(buffer)) !== null;) {
      const bytes = new Uint8Array(rest.length + count);
      bytes.set(rest);
      bytes.set(buffer.subarray(0, count), rest.length);
      const whole = bytes.lastIndexOf(10) + 1;
      if (whole > 0) onBytes(bytes.subarray(0, whole), this.#end);
      this.#end += whole;
      rest = bytes.slice(whole);
    }
  }

  #isSame(info: Deno.FileInfo): boolean {
    return identityOf(info) === this.#identity;
  }

  /**
   * Opens the file as it was when it was read last.
   * @returns The file; undefined if it has been replaced since.
   */
  async open(): Promise<Deno.FsFile | undefined> {
    let file: Deno.FsFile;
    try {
      file = await Deno.open(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    if (this.#isSame(await file.stat())) return file;
    file.close();
    return undefined;
  }

  /**
   * Adds lines, and waits until they are on the disk. Only one process may do that at a time, after {@link refresh}.
   * @param text The lines, each ending with LF.
   */
  async append(text: string): Promise<void> {
    using file = await Deno.open(this.path, { write: true, create: true, mode: 0o644 });
    // A line that a crash has cut off is not to be completed by another one.
    await file.truncate(this.#end);
    await file.seek(this.#end, Deno.SeekMode.Start);
    await writeAll(file, new TextEncoder().encode(text));
    await file.sync();
  }
}

function identityOf({ dev, ino, birthtime }: Deno.FileInfo): string {
  return `${dev} ${ino} ${birthtime?.getTime() ?? ""}`;
}
