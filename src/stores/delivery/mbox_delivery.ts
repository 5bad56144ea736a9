/**
 * Delivery to the end of an mbox (RFC 4155, in the form that is called mboxrd).
 *
 * @module
 */

import { delay } from "../../net/internal.ts";
import { NetwrightError, TimeoutError, writeAll } from "../../net/mod.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { FilePieces } from "../files/file_pieces.ts";
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

  /** Finds out what became of a delivery that was broken off. */
  async #recover(file: Deno.FsFile): Promise<void> {
    await Deno.remove(this.#part).catch(ignoreMissing);
    let intent: Intent;
    try {
      intent = JSON.parse(await Deno.readTextFile(this.#intent));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (!(error instanceof SyntaxError)) throw error;
      return await Deno.remove(this.#intent);
    }
    const { key, offset, length } = intent;
    const { size } = await file.stat();
    // No other program writes meanwhile: half a message is the end of the file.
    if (size > offset && size < offset + length) await file.truncate(offset);
    else if (size >= offset + length && await isMessage(file, intent)) this.#known.add(key);
    await file.sync();
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  async deliver(key: string, text: AsyncIterable<Uint8Array>): Promise<Delivered> {
    try {
      const length = await writeSynced(this.#part, toMbox(withLf(text), new Date()));
      await this.#locked(async (file) => {
        const { size: offset } = await file.stat();
        const intent = JSON.stringify({ key, offset, length } satisfies Intent);
        await writeAtomically(this.#intent, new TextEncoder().encode(intent));
        await file.seek(0, Deno.SeekMode.End);
        try {
          for await (const piece of new FilePieces(await Deno.open(this.#part))) {
            await writeAll(file, piece);
          }
          await file.sync();
        } catch (error) {
          await file.truncate(offset);
          throw error;
        }
      });
      this.#known.add(key);
      return { path: this.#path, bytes: length };
    } finally {
      await Deno.remove(this.#part).catch(ignoreMissing);
    }
  }

  // deno-lint-ignore require-await
  async sync(): Promise<void> {
    // The content was synced with each message.
    syncFolder(this.#path.slice(0, this.#path.lastIndexOf("/") + 1) || ".");
  }

  close(): void {}

  /** Does something while no other program changes the file, as far as it respects locks: `FILE.lock`, and the system's. */
  async #locked(act: (file: Deno.FsFile) => Promise<void>): Promise<void> {
    using file = await Deno.open(this.#path, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
    const end = Date.now() + LOCK_MS;
    while (!await file.tryLock(true)) await this.#wait(end);
    const lock = `${this.#path}.lock`;
    while (!await makeLock(lock)) await this.#wait(end);
    try {
      await act(file);
    } finally {
      await Deno.remove(lock);
    }
  }

  async #wait(end: number): Promise<void> {
    if (Date.now() > end) {
      throw new TimeoutError("another program holds the lock of the mbox", {
        operation: "deliver",
        peer: this.#path,
        hint: `if none does, remove ${this.#path}.lock`,
      });
    }
    await delay(RETRY_MS);
  }
}

/** Makes the lock file; false if another program has made it. */
async function makeLock(path: string): Promise<boolean> {
  try {
    await Deno.writeTextFile(path, LOCK_TEXT, { createNew: true, mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  try {
    // Ours, by a run that was killed: a living one would hold the system's lock.
    return await Deno.readTextFile(path) === LOCK_TEXT;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Whether a part of the file is a whole message. */
async function isMessage(file: Deno.FsFile, { offset, length }: Intent): Promise<boolean> {
  const read = async (at: number, count: number) => {
    await file.seek(at, Deno.SeekMode.Start);
    const bytes = new Uint8Array(count);
    const got = await file.read(bytes) ?? 0;
    return new TextDecoder("latin1").decode(bytes.subarray(0, got));
  };
  if (await read(offset, 5) !== "From " || await read(offset + length - 2, 2) !== "\n\n") {
    return false;
  }
  const next = await read(offset + length, 5);
  return next === "" || next === "From ";
}

/** Writes a message as an mbox has it: after a line `From `, such lines within it quoted, and an empty line at its end. */
async function* toMbox(text: AsyncIterable<Uint8Array>, now: Date): AsyncGenerator<Uint8Array> {
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
