/**
 * Delivery to the end of an mbox (RFC 4155, in the form that is called mboxrd).
 *
 * @module
 */

import { delay, toFileError } from "../../net/internal.ts";
import { NetwrightError, TimeoutError, writeAll } from "../../net/mod.ts";
import { FilePieces } from "../files/file_pieces.ts";
import { openLocked } from "../files/locked.ts";
import { syncFolder, writeSynced } from "../files/synced_file.ts";
import type { Delivered, MailDelivery } from "./delivery.ts";
import { withLf } from "./lf_decoder.ts";

/** How long another program may hold the file, in milliseconds. */
const LOCK_MS = 30_000;
const RETRY_MS = 100;
/** The content of our lock file; the same as ours means that it was left behind, for the file itself is locked too. */
const LOCK_TEXT = "netwright\n";
const LF = 10;
const QUOTE = 62;
const FROM = new TextEncoder().encode("From ");

/** A delivery that has begun: the part of the file that it fills. */
interface Intent {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

/** Appends to an mbox, which other programs may read and fill between messages. */
export class MboxDelivery implements MailDelivery {
  readonly #path: string;
  /** Where the message is prepared. */
  readonly #part: string;
  /** The file that records the current delivery, for the next attempt. */
  readonly #intent: string;
  readonly #known = new Set<string>();

  private constructor(path: string) {
    this.#path = path;
    this.#part = `${path}.netwright-part`;
    this.#intent = `${path}.netwright-next`;
  }

  /**
   * Opens an mbox, and completes or removes an unfinished delivery of an earlier attempt.
   * @param path The file; made if it is missing.
   * @returns The delivery.
   * @throws {NetwrightError} If the file is not an mbox.
   */
  static async open(path: string): Promise<MboxDelivery> {
    const delivery = new MboxDelivery(path);
    await delivery.#locked(async (file) => {
      const begin = new Uint8Array(FROM.length);
      const count = await file.read(begin);
      if (count !== null && !FROM.every((byte, at) => byte === begin[at])) {
        throw new NetwrightError("the file is not an mbox", { operation: "deliver", peer: path });
      }
      await delivery.#recover(file);
    });
    return delivery;
  }

  /** Completes or removes a delivery that was broken off; the text of others is never removed. */
  async #recover(file: Deno.FsFile): Promise<void> {
    const intent = await this.#readIntent();
    const part = await readIfThere(this.#part);
    if (intent !== undefined && part !== undefined && part.length === intent.length) {
      const written = await readAt(file, intent.offset, intent.length);
      const isOurs = written.every((byte, at) => byte === part[at]);
      if (isOurs && written.length === part.length) this.#known.add(intent.key);
      else if (isOurs && written.length > 0) {
        await file.truncate(intent.offset);
        await file.sync();
      }
    }
    if (this.#known.size === 0) await this.#forget();
  }

  async #readIntent(): Promise<Intent | undefined> {
    const bytes = await readIfThere(this.#intent);
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch (error) {
      // It was not written to its end: then nothing was appended.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async #forget(): Promise<void> {
    for (const path of [this.#intent, this.#part]) await Deno.remove(path).catch(ignoreMissing);
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  async deliver(key: string, text: AsyncIterable<Uint8Array>): Promise<Delivered> {
    await this.#forget();
    let length: number;
    try {
      length = await writeSynced(this.#part, toMbox(withLf(text), new Date()));
    } catch (error) {
      await this.#forget();
      throw error;
    }
    await this.#locked(async (file) => {
      const { size } = await file.stat();
      await file.seek(0, Deno.SeekMode.End);
      await writeAll(file, await separatorAfter(file, size));
      const { size: offset } = await file.stat();
      const intent = JSON.stringify({ key, offset, length } satisfies Intent);
      await writeSynced(this.#intent, new TextEncoder().encode(intent));
      await file.seek(0, Deno.SeekMode.End);
      try {
        for await (const piece of new FilePieces(await Deno.open(this.#part))) {
          await writeAll(file, piece);
        }
        await file.sync();
      } catch (error) {
        await file.truncate(offset);
        await this.#forget();
        throw toFileError(error, { operation: "deliver", peer: this.#path });
      }
    });
    this.#known.add(key);
    return { path: this.#path, bytes: length };
  }

  async recorded(): Promise<void> {
    // From now on other programs may change all of the file.
    await this.#forget();
  }

  // deno-lint-ignore require-await
  async sync(): Promise<void> {
    // The content was synced with each message.
    syncFolder(this.#path.slice(0, this.#path.lastIndexOf("/") + 1) || ".");
  }

  close(): void {}

  /** Does something while no other program changes the file, as far as it respects locks: `FILE.lock`, and the system's. */
  async #locked(act: (file: Deno.FsFile) => Promise<void>): Promise<void> {
    const end = Date.now() + LOCK_MS;
    const lock = `${this.#path}.lock`;
    while (true) {
      using file = await openLocked(this.#path, Math.max(0, end - Date.now()));
      if (file === undefined) throw this.#lockError();
      // A run that was killed may have left a lock without its text.
      const wasLocking = await readIfThere(`${lock}ing`) !== undefined;
      await Deno.writeFile(`${lock}ing`, new Uint8Array(0), { mode: 0o600 });
      try {
        while (!await makeLock(lock, wasLocking)) await this.#wait(end);
      } finally {
        await Deno.remove(`${lock}ing`);
      }
      try {
        // Before it was locked, another program may have put another file in its place.
        if (await isFileAt(file, this.#path)) return await act(file);
      } finally {
        await Deno.remove(lock);
      }
      await this.#wait(end);
    }
  }

  async #wait(end: number): Promise<void> {
    if (Date.now() > end) throw this.#lockError();
    await delay(RETRY_MS);
  }

  #lockError(): TimeoutError {
    return new TimeoutError("another program holds the lock of the mbox", {
      operation: "deliver",
      peer: this.#path,
      hint: `if none does, remove ${this.#path}.lock`,
    });
  }
}

/** Makes the lock file; false if another program has made it. An empty one is ours if a run before was locking. */
async function makeLock(path: string, wasLocking: boolean): Promise<boolean> {
  try {
    await Deno.writeTextFile(path, LOCK_TEXT, { createNew: true, mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  try {
    // Ours, by a run that was killed: a living one would hold the system's lock.
    const text = await Deno.readTextFile(path);
    return text === LOCK_TEXT || text === "" && wasLocking;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Whether an open file is the one of this name. */
async function isFileAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const open = await file.stat();
  try {
    const named = await Deno.stat(path);
    return open.dev === named.dev && open.ino === named.ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Reads a part of a file; less at its end. */
async function readAt(file: Deno.FsFile, offset: number, length: number): Promise<Uint8Array> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let got = 0;
  while (got < length) {
    const count = await file.read(bytes.subarray(got));
    if (count === null) break;
    got += count;
  }
  return bytes.subarray(0, got);
}

/** Gives what divides the next message from the last one: an empty line, whatever the file ends with. */
async function separatorAfter(file: Deno.FsFile, size: number): Promise<Uint8Array> {
  const end = new TextDecoder().decode(await readAt(file, Math.max(0, size - 2), 2));
  await file.seek(0, Deno.SeekMode.End);
  const missing = size === 0 || end === "\n\n" ? "" : end.endsWith("\n") ? "\n" : "\n\n";
  return new TextEncoder().encode(missing);
}

/** Writes a message as an mbox has it: after a line `From `, such lines within it quoted, and an empty line at its end. */
export async function* toMbox(
  text: AsyncIterable<Uint8Array>,
  now: Date,
): AsyncGenerator<Uint8Array> {
  const [week, day, month, year, time] = now.toUTCString().replace(",", "").split(" ");
  const date = `${week} ${month} ${day!.replace(/^0/, " ")} ${time} ${year}`;
  yield new TextEncoder().encode(`From MAILER-DAEMON ${date}\n`);
  const quoter = new FromQuoter();
  for await (const piece of text) yield quoter.encode(piece);
  yield quoter.end();
}

/** Quotes lines that begin with `From ` after any number of `>`, across pieces. */
class FromQuoter {
  /** Number of `>` at the beginning of the line, and of letters of `From ` after them; -1 within a line. */
  #quotes = 0;
  #letters = 0;

  encode(piece: Uint8Array): Uint8Array {
    const out = new Uint8Array(this.#quotes + FROM.length + piece.length * 2);
    let length = 0;
    const release = (more: number): void => {
      out.fill(QUOTE, length, length += this.#quotes + more);
      out.set(FROM.subarray(0, this.#letters), length);
      length += this.#letters;
      this.#quotes = 0;
      this.#letters = -1;
    };
    for (const byte of piece) {
      if (this.#letters >= 0) {
        if (byte === QUOTE && this.#letters === 0) {
          this.#quotes++;
          continue;
        }
        if (byte === FROM[this.#letters]) {
          if (++this.#letters === FROM.length) release(1);
          continue;
        }
        release(0);
      }
      out[length++] = byte;
      if (byte === LF) this.#letters = 0;
    }
    return out.subarray(0, length);
  }

  end(): Uint8Array {
    const isLineStart = this.#letters === 0 && this.#quotes === 0;
    const rest = isLineStart
      ? ""
      : ">".repeat(this.#quotes) + "From ".slice(0, Math.max(0, this.#letters)) + "\n";
    return new TextEncoder().encode(`${rest}\n`);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
