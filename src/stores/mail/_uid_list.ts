/**
 * Which message has which number, and when it was changed: a file in the folder, changed by one process at a time.
 *
 * @module
 */

import { isDiskFull, toFileError } from "../../net/internal.ts";
import { NetwrightError } from "../../net/mod.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { locked } from "../files/locked.ts";
import { KeywordFile, type Keywords } from "./_keyword_file.ts";
import {
  addEntry,
  emptyState,
  flagsLine,
  formatState,
  messageLine,
  parseHead,
  parseLines,
  removeEntry,
  sizeLine,
  type UidEntry,
  type UidState,
} from "./_uid_lines.ts";

/** The file. */
const FILE = "netwright-uids";
/** Who holds a lock on it may change the folder. */
const LOCK = "netwright-lock";
/** Lines that say nothing any more, before the file is written anew; more if there are many messages. */
const MAX_STALE = 1000;
/** Longest first line, in bytes. */
const MAX_HEAD = 100;

/** A message that has just been found. */
export interface FoundMessage {
  /** The part of its file's name that stays while flags change. */
  readonly base: string;
  /** The letters of its flags. */
  readonly letters: string;
}

/** Where the file was read up to. */
interface Place {
  /** Which file it was, and as of when. */
  readonly stamp: string;
  readonly head: string;
  readonly bytes: number;
}

/** The numbers of one folder. */
export class UidList {
  readonly #folder: string;
  readonly #path: string;
  readonly #newValidity: () => Promise<number>;
  readonly #keywords: KeywordFile;
  #state: UidState | undefined;
  #place: Place | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Whether the file lacks lines, because the disk was full. */
  #isBehind = false;

  constructor(folder: string, newValidity: () => Promise<number>) {
    this.#folder = folder;
    this.#path = `${folder}/${FILE}`;
    this.#newValidity = newValidity;
    this.#keywords = new KeywordFile(folder);
  }

  /** Does something while no other process, nor another part of this one, changes the folder. */
  async locked<T>(act: (state: UidState) => Promise<T>): Promise<T> {
    const before = this.#turn;
    const turn = before.catch(() => {}).then(() => this.#withLock(act));
    this.#turn = turn;
    return await turn;
  }

  async #withLock<T>(act: (state: UidState) => Promise<T>): Promise<T> {
    return await locked(`${this.#folder}/${LOCK}`, async () => {
      try {
        const state = await this.#current();
        this.#takeKeywords(state, await this.#keywords.read());
        if (state.keywords.length === 0 && state.formerKeywords.length > 0) {
          await this.addKeywords(state, state.formerKeywords.filter((keyword) => keyword));
        }
        return await act(state);
      } catch (error) {
        // The last line may not have reached the disk.
        this.#state = undefined;
        throw error;
      }
    });
  }

  /** Reads the lines that were added; all if the file is another. */
  async #current(): Promise<UidState> {
    let stamp: string;
    try {
      stamp = stampOf(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      const state = emptyState(await this.#newValidity());
      await this.#rewrite(state);
      return this.#state = state;
    }
    if (this.#state !== undefined && this.#place?.stamp === stamp) return this.#state;
    return this.#state = await this.#readOn(stamp) ?? await this.#readAll(stamp);
  }

  /** Reads added lines; undefined if it is another file, or the last line is cut. */
  async #readOn(stamp: string): Promise<UidState | undefined> {
    const [state, place] = [this.#state, this.#place];
    if (state === undefined || place === undefined) return undefined;
    using file = await Deno.open(this.#path);
    const { size } = await file.stat();
    if (size < place.bytes) return undefined;
    const head = await readAt(file, 0, MAX_HEAD);
    if (!new TextDecoder().decode(head).startsWith(`${place.head}\n`)) return undefined;
    const added = await readAt(file, place.bytes, size - place.bytes);
    if (added.length > 0 && added.at(-1) !== 10) return undefined;
    parseLines(state, new TextDecoder().decode(added));
    this.#place = { stamp, head: place.head, bytes: place.bytes + added.length };
    return state;
  }

  async #readAll(stamp: string): Promise<UidState> {
    const bytes = await Deno.readFile(this.#path);
    const text = new TextDecoder().decode(bytes);
    const end = text.indexOf("\n");
    const head = end < 0 ? text : text.slice(0, end);
    const state = parseHead(head);
    if (state === undefined) {
      throw new NetwrightError("malformed list of message numbers", {
        operation: "read mail",
        peer: this.#path,
      });
    }
    parseLines(state, text.slice(end + 1));
    this.#place = { stamp, head, bytes: bytes.length };
    // A line that a crash left half written must not become the beginning of another; older lists have another form.
    if (!text.endsWith("\n") || head.startsWith("1")) await this.#rewriteIfRoom(state);
    return state;
  }

  /** Gives messages numbers; they must be in the order in which they came. */
  async add(state: UidState, found: readonly FoundMessage[]): Promise<readonly UidEntry[]> {
    if (found.length === 0) return [];
    const modseq = ++state.modseq;
    const entries = found.map((message) => ({ uid: state.uidNext++, modseq, ...message }));
    try {
      for (const entry of entries) addEntry(state, entry);
      await this.#append(state, entries.map(messageLine).join(""));
    } catch (error) {
      // No message has a number that is not on the disk: another would get it after a restart.
      for (const { uid } of entries) removeEntry(state, uid, state.modseq);
      throw error;
    }
    return entries;
  }

  /** Records flags that have changed; each message has its new letters already. */
  async changed(state: UidState, entries: readonly UidEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const modseq = ++state.modseq;
    for (const entry of entries) entry.modseq = modseq;
    state.stale += entries.length;
    await this.#appendIfRoom(state, entries.map(flagsLine).join(""));
  }

  /** Gives keywords letters, as far as there are any. */
  async addKeywords(state: UidState, keywords: readonly string[]): Promise<void> {
    if (keywords.length === 0) return;
    this.#takeKeywords(state, await this.#keywords.add(keywords, lettersIn(state)));
  }

  #takeKeywords(state: UidState, keywords: Keywords): void {
    state.keywords = keywords;
    state.keywordChanges = this.#keywords.changes;
  }

  /** Records sizes that were counted. */
  async addSizes(state: UidState, sizes: ReadonlyMap<string, number>): Promise<void> {
    if (sizes.size === 0) return;
    let lines = "";
    for (const [name, size] of sizes) {
      state.sizes.set(name, size);
      lines += sizeLine(name, size);
    }
    await this.#appendIfRoom(state, lines);
  }

  /** Forgets messages that are gone; their numbers are given to no other. */
  async forget(state: UidState, uids: Iterable<number>): Promise<void> {
    const modseq = state.modseq + 1;
    let lines = "";
    for (const uid of uids) {
      if (!state.numbers.has(uid)) continue;
      removeEntry(state, uid, modseq);
      lines += `X ${modseq} ${uid}\n`;
    }
    await this.#appendIfRoom(state, lines);
  }

  async #append(state: UidState, lines: string): Promise<void> {
    if (lines === "") return;
    const isLong = state.stale > MAX_STALE + state.entries.size;
    if (isLong || this.#isBehind) return await this.#rewrite(state);
    const bytes = new TextEncoder().encode(lines);
    try {
      await Deno.writeFile(this.#path, bytes, { append: true });
    } catch (error) {
      // The last line may be cut.
      this.#isBehind = true;
      throw toFileError(error, { operation: "write", peer: this.#path });
    }
    const { head = "", bytes: before = 0 } = this.#place ?? {};
    this.#place = { stamp: stampOf(this.#path), head, bytes: before + bytes.length };
  }

  /** Adds lines that can be found out again: without room on the disk they wait. */
  async #appendIfRoom(state: UidState, lines: string): Promise<void> {
    try {
      await this.#append(state, lines);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  async #rewriteIfRoom(state: UidState): Promise<void> {
    try {
      await this.#rewrite(state);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#isBehind = true;
    }
  }

  /** Writes the file anew. */
  async #rewrite(state: UidState): Promise<void> {
    const text = formatState(state);
    const bytes = new TextEncoder().encode(text);
    await writeAtomically(this.#path, bytes);
    state.stale = 0;
    this.#isBehind = false;
    this.#place = {
      stamp: stampOf(this.#path),
      head: text.slice(0, text.indexOf("\n")),
      bytes: bytes.length,
    };
  }
}

/** Small letters that messages have. */
export function lettersIn({ entries }: UidState): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { letters = "" } of entries.values()) seen.add(letters);
  return new Set([...seen].join("").match(/[a-z]/g) ?? []);
}

async function readAt(file: Deno.FsFile, start: number, length: number): Promise<Uint8Array> {
  await file.seek(start, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

function stampOf(path: string): string {
  const { ino, size, mtime } = Deno.statSync(path);
  return `${ino} ${size} ${mtime?.getTime()}`;
}
