/**
 * The memory of a mail fetcher: which messages it has delivered.
 *
 * @module
 */

import { NetwrightError, TimeoutError, writeAll } from "../../net/mod.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { openLocked } from "../files/locked.ts";

/** How long another run may use the journal, in milliseconds. */
const LOCK_MS = 30_000;
const HEAD = "netwright-fetched 1";
const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a message is remembered that the server does not list any more. */
const REMEMBERED_MS = 90 * DAY_MS;

/** A message that was delivered. */
interface Entry {
  /** When, in milliseconds since 1970. */
  readonly fetched: number;
  /** When the server listed it last. */
  readonly seen: number;
}

/** Remembers keys of messages in a file, for one run at a time. */
export class FetchJournal implements Disposable {
  readonly #path: string;
  readonly #lock: Deno.FsFile;
  readonly #entries: Map<string, Entry>;
  #file: Deno.FsFile;

  private constructor(path: string, lock: Deno.FsFile, entries: Map<string, Entry>) {
    this.#path = path;
    this.#lock = lock;
    this.#entries = entries;
    this.#file = Deno.openSync(path, { append: true });
  }

  /**
   * Opens a journal.
   * @param path The file; made if it is missing.
   * @returns The journal.
   * @throws {TimeoutError} If another run uses it for too long.
   * @throws {NetwrightError} If the file is not a journal.
   */
  static async open(path: string): Promise<FetchJournal> {
    const lock = await openLocked(`${path}.lock`, LOCK_MS);
    if (lock === undefined) {
      throw new TimeoutError("another run fetches into it", {
        operation: "fetch mail",
        peer: path,
      });
    }
    try {
      const { entries, isTorn } = parse(await readIfThere(path), path);
      if (isTorn) await write(path, entries);
      return new FetchJournal(path, lock, entries);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Whether a message was delivered. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** When a message was delivered, in milliseconds since 1970; undefined if it was not. */
  fetchedAt(key: string): number | undefined {
    return this.#entries.get(key)?.fetched;
  }

  /**
   * Records that a message was delivered; {@link sync} makes it last.
   * @param key Its key.
   * @param now The time, in milliseconds since 1970.
   */
  async add(key: string, now: number): Promise<void> {
    const entry = { fetched: now, seen: now };
    await writeAll(this.#file, new TextEncoder().encode(lineOf(key, entry)));
    this.#entries.set(key, entry);
  }

  /** Waits until all records are on the disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /**
   * Records which messages the server lists, so that those are forgotten that it has not listed for 90 days.
   * @param keys Their keys.
   * @param now The time, in milliseconds since 1970.
   */
  async seen(keys: Iterable<string>, now: number): Promise<void> {
    let isChanged = false;
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry === undefined || entry.seen > now - DAY_MS) continue;
      this.#entries.set(key, { ...entry, seen: now });
      isChanged = true;
    }
    for (const [key, { seen }] of this.#entries) {
      if (seen > now - REMEMBERED_MS) continue;
      this.#entries.delete(key);
      isChanged = true;
    }
    if (!isChanged) return;
    await write(this.#path, this.#entries);
    this.#file.close();
    this.#file = Deno.openSync(this.#path, { append: true });
  }

  /** Lets another run use the journal. */
  [Symbol.dispose](): void {
    this.#file.close();
    this.#lock.close();
  }
}

function lineOf(key: string, { fetched, seen }: Entry): string {
  return `${fetched} ${seen} ${key}\n`;
}

async function write(path: string, entries: ReadonlyMap<string, Entry>): Promise<void> {
  const lines = Array.from(entries, ([key, entry]) => lineOf(key, entry));
  await writeAtomically(path, new TextEncoder().encode(`${HEAD}\n${lines.join("")}`), {
    mode: 0o600,
  });
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Reads a journal; a last line that was not written to its end, as in a crash, does not count. */
function parse(
  text: string,
  path: string,
): { readonly entries: Map<string, Entry>; readonly isTorn: boolean } {
  const [head, ...lines] = text.split("\n");
  const entries = new Map<string, Entry>();
  if (text === "") return { entries, isTorn: true };
  const context = { operation: "fetch mail", peer: path };
  if (head !== HEAD) throw new NetwrightError("the file is not a journal of fetched mail", context);
  const rest = lines.pop();
  for (const line of lines) {
    const [, fetched, seen, key] = /^(\d{1,15}) (\d{1,15}) (.+)$/.exec(line) ?? [];
    if (key === undefined) {
      throw new NetwrightError("the journal of fetched mail is damaged", context);
    }
    entries.set(key, { fetched: Number(fetched), seen: Number(seen) });
  }
  return { entries, isTorn: rest !== "" };
}
