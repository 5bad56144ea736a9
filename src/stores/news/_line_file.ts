/**
 * A file of lines that grows, or is replaced as a whole, by any process.
 *
 * @module
 */

import { concat, toFileError } from "../../net/internal.ts";
import { writeAll } from "../../net/mod.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 1024 * 1024;

/** Lines that were added to a file, or all of them if it was replaced. */
export interface NewLines {
  /** Whether all that was read before is gone. */
  readonly isReplaced: boolean;
  /** Whole lines, each ending with LF. */
  readonly bytes: Uint8Array;
  /** Where they begin in the file. */
  readonly start: number;
}

/** Follows a file: reads the lines that were added since the last reading. */
export class LineFile {
  /** Its path. */
  readonly path: string;
  readonly #onNew: (lines: NewLines) => void;
  #identity: string | undefined;
  /** Up to here it was read: the end of its last whole line. */
  #end = 0;
  /** The last reading or writing, after which the next begins. */
  #last: Promise<void> = Promise.resolve();

  /**
   * Reads nothing yet.
   * @param path The file; it need not be there.
   * @param onNew Called with all new lines at once.
   */
  constructor(path: string, onNew: (lines: NewLines) => void) {
    this.path = path;
    this.#onNew = onNew;
  }

  /** The file that was read last: another one after it was replaced. */
  get identity(): string | undefined {
    return this.#identity;
  }

  /** Reads new lines. */
  async refresh(): Promise<void> {
    try {
      await this.#inTurn(() => this.#refresh());
    } catch (error) {
      throw toFileError(error, { operation: "read", peer: this.path });
    }
  }

  /** Readings and writings of this process follow each other: each begins where the one before has ended. */
  async #inTurn(act: () => Promise<void>): Promise<void> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => {});
    await result;
  }

  async #refresh(): Promise<void> {
    let info: Deno.FileInfo;
    try {
      info = Deno.statSync(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (this.#identity !== undefined) {
        this.#take(undefined, { isReplaced: true, bytes: new Uint8Array(0), start: 0 });
      }
      return;
    }
    if (identityOf(info) === this.#identity && info.size === this.#end) return;
    using file = await Deno.open(this.path);
    info = await file.stat();
    const identity = identityOf(info);
    const isReplaced = identity !== this.#identity || info.size < this.#end;
    const start = isReplaced ? 0 : this.#end;
    await file.seek(start, Deno.SeekMode.Start);
    const pieces: Uint8Array[] = [];
    for (let buffer = new Uint8Array(PIECE_BYTES), count; count !== null;) {
      count = await file.read(buffer);
      if (count !== null) pieces.push(buffer.slice(0, count));
    }
    const bytes = concat(pieces);
    this.#take(identity, {
      isReplaced,
      bytes: bytes.subarray(0, bytes.lastIndexOf(10) + 1),
      start,
    });
  }

  /** Without an interruption, so that a file is never seen half read. */
  #take(identity: string | undefined, lines: NewLines): void {
    this.#identity = identity;
    this.#end = lines.start + lines.bytes.length;
    this.#onNew(lines);
  }

  /**
   * Opens the file, if it is the one that was read.
   * @param identity Which file.
   * @returns The file; undefined if it has been replaced since.
   */
  async open(identity: string | undefined): Promise<Deno.FsFile | undefined> {
    let file: Deno.FsFile;
    try {
      file = await Deno.open(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    if (identityOf(await file.stat()) === identity) return file;
    file.close();
    return undefined;
  }

  /**
   * Adds lines, and waits until they are on the disk. Only one process may do that at a time.
   * @param bytes The lines, each ending with LF.
   */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#inTurn(async () => {
      await this.#refresh();
      {
        using file = await Deno.open(this.path, { write: true, create: true, mode: 0o644 });
        // A line that a crash has cut off is not to be completed by another one.
        await file.truncate(this.#end);
        await file.seek(this.#end, Deno.SeekMode.Start);
        await writeAll(file, bytes);
        await file.sync();
      }
      await this.#refresh();
    });
  }
}

function identityOf({ dev, ino, birthtime }: Deno.FileInfo): string {
  return `${dev} ${ino} ${birthtime?.getTime() ?? ""}`;
}
