/**
 * A file of log lines that never delays who writes them.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";
import { toFileError } from "../../net/internal.ts";

/** How a log file is written. */
export interface LogFileOptions {
  /** Permission bits of a new file: by default its owner and group may read it. @default {0o640} */
  readonly mode?: number | undefined;
  /** Size from which the file is set aside as `FILE.1`, in bytes; never if absent. */
  readonly rotateBytes?: number | undefined;
  /** Files that are kept aside. @default {5} */
  readonly keep?: number | undefined;
  /** How long a line may wait to be written together with others, in milliseconds. @default {200} */
  readonly delayMs?: number | undefined;
  /** Size of lines that wait for a slow disk, in characters; further ones are lost, and counted in it. @default {16 MiB} */
  readonly maxWaiting?: number | undefined;
  /** Whether a file that was moved away is written on, if no other can be opened in its place. @default {false} */
  readonly keepsOld?: boolean | undefined;
  /** Called when the file cannot be written, once until it can. */
  readonly onFailure?: ((error: NetwrightError) => void) | undefined;
}

/** Size from which lines are written at once, in characters. */
const FULL = 256 * 1024;
const LF = 0x0a;
/** Wait after a failure, in milliseconds. */
const RETRY_MS = 1000;

/**
 * Appends lines to a file in the background: adding one never waits and never fails. A file that was moved away, by a program for
 * rotation, is made anew with the next write.
 *
 * @example Two lines
 * ```ts
 * import { LogFile } from "./log_file.ts";
 * const path = await Deno.makeTempFile();
 * const log = await LogFile.open(path);
 * log.add("one");
 * log.add("two");
 * await log.close();
 * if (await Deno.readTextFile(path) !== "one\ntwo\n") throw new Error("wrong");
 * await Deno.remove(path);
 * ```
 */
export class LogFile {
  readonly #path: string;
  readonly #options: LogFileOptions;
  readonly #encoder = new TextEncoder();
  #file: Deno.FsFile | undefined;
  #size = 0;
  #identity = "";
  #lines: string[] = [];
  /** Size of the lines, in characters. */
  #waiting = 0;
  /** Bytes that are being written. */
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #lost = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #hasFailed = false;
  #isClosed = false;

  private constructor(path: string, options: LogFileOptions) {
    this.#path = path;
    this.#options = options;
  }

  /**
   * Opens a file, which is made if it is not there.
   * @param path The file.
   * @param options How it is written.
   * @returns The log.
   * @throws {NetwrightError} If it cannot be written.
   */
  static async open(path: string, options: LogFileOptions = {}): Promise<LogFile> {
    const log = new LogFile(path, options);
    try {
      // A pipe would wait for who reads it.
      const there = await Deno.stat(path).catch(ignoreMissing);
      if (there !== undefined && !there.isFile) {
        throw new NetwrightError("not a regular file", { operation: "append to", peer: path });
      }
      await log.#open();
    } catch (error) {
      throw toFileError(error, { operation: "append to", peer: path });
    }
    return log;
  }

  /**
   * Adds a line.
   * @param line Without its end; text of others must be cleaned.
   */
  add(line: string): void {
    const { maxWaiting = 16 * 1024 * 1024, delayMs = 200 } = this.#options;
    if (this.#waiting + this.#rest.length + line.length > maxWaiting) {
      this.#lost++;
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length + 1;
    if (this.#waiting > FULL) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), delayMs);
  }

  /** Writes what waits, as far as the disk takes it. */
  async flush(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  /**
   * Writes what waits and closes the file, which is opened again for a later line alone.
   * @throws {NetwrightError} If lines could not be written.
   */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isClosed = true;
    this.#file?.close();
    this.#file = undefined;
    const lost = this.#lost + this.#lines.length +
      this.#rest.reduce((count, byte) => byte === LF ? count + 1 : count, 0);
    if (lost === 0) return;
    this.#lost = 0;
    this.#lines = [];
    this.#waiting = 0;
    this.#rest = new Uint8Array(0);
    throw new NetwrightError(`${lost} lines could not be written`, {
      operation: "append to",
      peer: this.#path,
    });
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => this.#writing = undefined);
  }

  async #writeAll(): Promise<void> {
    while (this.#rest.length > 0 || this.#lines.length > 0 || this.#lost > 0) {
      if (this.#rest.length === 0) {
        const note = this.#lost === 0 ? [] : [`lost lines: ${this.#lost} (the disk is too slow)`];
        this.#lost = 0;
        this.#rest = this.#encoder.encode(`${[...this.#lines, ...note].join("\n")}\n`);
        this.#lines = [];
        this.#waiting = 0;
      }
      try {
        await this.#prepare(this.#rest.length);
        while (this.#rest.length > 0) {
          const written = await this.#file!.write(this.#rest);
          this.#size += written;
          // What is written is not written again, whatever fails later.
          this.#rest = this.#rest.subarray(written);
        }
        this.#hasFailed = false;
        if (!this.#isClosed) continue;
        this.#file?.close();
        this.#file = undefined;
      } catch (error) {
        this.#fail(error);
        this.#timer = setTimeout(() => this.#write(), RETRY_MS);
        return;
      }
    }
  }

  /** Opens the file anew if it was moved away, or is large enough to be set aside. */
  async #prepare(bytes: number): Promise<void> {
    const { rotateBytes = Infinity } = this.#options;
    if (this.#file === undefined) await this.#open();
    else if (await this.#isElsewhere()) await this.#reopen(this.#file);
    if (this.#size === 0 || this.#size + bytes <= rotateBytes) return;
    try {
      await this.#rotate();
    } catch (error) {
      // A file that is too large is better than none.
      this.#report(error);
      if (this.#file === undefined) await this.#open();
    }
  }

  async #isElsewhere(): Promise<boolean> {
    try {
      return await identityOf(this.#path) !== this.#identity;
    } catch (error) {
      if (this.#options.keepsOld === true) return false;
      throw error;
    }
  }

  async #reopen(old: Deno.FsFile): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      if (this.#options.keepsOld !== true) throw error;
      return;
    }
    old.close();
  }

  async #open(): Promise<void> {
    const { mode = 0o640 } = this.#options;
    this.#file = await Deno.open(this.#path, { append: true, create: true, mode });
    this.#size = (await Deno.stat(this.#path)).size;
    this.#identity = await identityOf(this.#path);
  }

  /** Sets the file aside: `FILE` becomes `FILE.1`, that becomes `FILE.2`, and so on. */
  async #rotate(): Promise<void> {
    const { keep = 5 } = this.#options;
    this.#file?.close();
    this.#file = undefined;
    for (let number = keep; number > 0; number--) {
      const from = number === 1 ? this.#path : `${this.#path}.${number - 1}`;
      await Deno.rename(from, `${this.#path}.${number}`).catch(ignoreMissing);
    }
    if (keep === 0) await Deno.remove(this.#path).catch(ignoreMissing);
    await this.#open();
  }

  #fail(error: unknown): void {
    this.#file?.close();
    this.#file = undefined;
    if (!this.#hasFailed) this.#report(error);
    this.#hasFailed = true;
  }

  #report(error: unknown): void {
    const known = toFileError(error, { operation: "append to", peer: this.#path });
    if (!(known instanceof NetwrightError)) throw known;
    this.#options.onFailure?.(known);
  }
}

/** Which file a path names; empty if there is none. */
async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await Deno.stat(path);
    return `${dev} ${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
