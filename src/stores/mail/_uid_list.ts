/**
 * Which message has which number: a file in the folder, changed by one process at a time.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";
import { locked } from "../files/locked.ts";
import { writeAtomically } from "../files/atomic_file.ts";

/**
 * The file. Its first line is `1 UIDVALIDITY UIDNEXT`, each other one `UID NAME`, `K KEYWORD`, or `S SIZE NAME` for the
 * size with CRLF of a message whose name does not have it; the last of a number counts.
 */
const FILE = "netwright-uids";
/** Who holds a lock on it may change the folder. */
const LOCK = "netwright-lock";
/** Lines without a message that are borne before the file is written anew. */
const MAX_STALE = 1000;

/** The content of the file. */
export interface UidState {
  readonly uidValidity: number;
  uidNext: number;
  /** Numbers by the names that stay while flags change. */
  readonly uids: Map<string, number>;
  /** Keywords by their letters. */
  readonly keywords: string[];
  /** Sizes with CRLF, by the names of messages, where the names do not have them. */
  readonly sizes: Map<string, number>;
  /** Which file it was, and as of when. */
  stamp: string;
  stale: number;
}

/** The numbers of one folder. */
export class UidList {
  readonly #folder: string;
  #state: UidState | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  readonly #newValidity: () => Promise<number>;

  constructor(folder: string, newValidity: () => Promise<number>) {
    this.#folder = folder;
    this.#newValidity = newValidity;
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
        return await act(await this.#current());
      } catch (error) {
        // The last line may not have reached the disk.
        this.#state = undefined;
        throw error;
      }
    });
  }

  /** Reads the file, unless it is unchanged. */
  async #current(): Promise<UidState> {
    const path = `${this.#folder}/${FILE}`;
    let stamp: string;
    try {
      stamp = stampOf(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      return this.#state = await this.#begin();
    }
    if (this.#state?.stamp === stamp) return this.#state;
    const text = await Deno.readTextFile(path);
    const state = parse(text, path, stamp);
    // A line that a crash left half written must not become the beginning of another.
    if (!text.endsWith("\n")) await this.rewrite(state);
    return this.#state = state;
  }

  async #begin(): Promise<UidState> {
    const state: UidState = {
      uidValidity: await this.#newValidity(),
      uidNext: 1,
      uids: new Map(),
      keywords: [],
      sizes: new Map(),
      stamp: "",
      stale: 0,
    };
    await this.rewrite(state);
    return state;
  }

  /** Gives messages numbers; they must be named in the order in which they came. */
  async add(state: UidState, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    let lines = "";
    for (const name of names) {
      state.uids.set(name, state.uidNext);
      lines += `${state.uidNext++} ${escapeName(name)}\n`;
    }
    await this.#append(state, lines);
  }

  /** Gives a keyword a letter. */
  async addKeyword(state: UidState, keyword: string): Promise<void> {
    state.keywords.push(keyword);
    await this.#append(state, `K ${keyword}\n`);
  }

  /** Records sizes that were counted. */
  async addSizes(state: UidState, sizes: ReadonlyMap<string, number>): Promise<void> {
    if (sizes.size === 0) return;
    let lines = "";
    for (const [name, size] of sizes) {
      state.sizes.set(name, size);
      lines += `S ${size} ${escapeName(name)}\n`;
    }
    await this.#append(state, lines);
  }

  async #append(state: UidState, lines: string): Promise<void> {
    const bytes = new TextEncoder().encode(lines);
    await Deno.writeFile(`${this.#folder}/${FILE}`, bytes, { append: true });
    state.stamp = stampOf(`${this.#folder}/${FILE}`);
  }

  /** Forgets messages that are gone; their numbers are given to no other. */
  async forget(state: UidState, names: Iterable<string>): Promise<void> {
    for (const name of names) {
      state.sizes.delete(name);
      if (state.uids.delete(name)) state.stale++;
    }
    if (state.stale > MAX_STALE) await this.rewrite(state);
  }

  /** Writes the file anew. */
  async rewrite(state: UidState): Promise<void> {
    const lines = [
      `1 ${state.uidValidity} ${state.uidNext}`,
      ...state.keywords.map((keyword) => `K ${keyword}`),
      ...Array.from(state.uids, ([name, uid]) => `${uid} ${escapeName(name)}`),
      ...Array.from(state.sizes, ([name, size]) => `S ${size} ${escapeName(name)}`),
      "",
    ];
    const bytes = new TextEncoder().encode(lines.join("\n"));
    await writeAtomically(`${this.#folder}/${FILE}`, bytes);
    state.stamp = stampOf(`${this.#folder}/${FILE}`);
    state.stale = 0;
  }
}

function stampOf(path: string): string {
  const { ino, size, mtime } = Deno.statSync(path);
  return `${ino} ${size} ${mtime?.getTime()}`;
}

function parse(text: string, path: string, stamp: string): UidState {
  const [head = "", ...lines] = text.split("\n");
  const [, validity, next] = /^1 (\d{1,10}) (\d{1,10})$/.exec(head) ?? [];
  if (validity === undefined) {
    throw new NetwrightError("malformed list of message numbers", {
      operation: "read mail",
      peer: path,
    });
  }
  const state: UidState = {
    uidValidity: Number(validity),
    uidNext: Number(next),
    uids: new Map(),
    keywords: [],
    sizes: new Map(),
    stamp,
    stale: 0,
  };
  // A line that was not written to its end, as in a crash, has no line feed after it.
  for (const line of lines.slice(0, -1)) {
    const [, key, value] = /^(\d{1,10}|K|S \d{1,15}) (.+)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (key === "K") {
      state.keywords.push(value);
      continue;
    }
    const name = unescapeName(value);
    if (key.startsWith("S")) state.sizes.set(name, Number(key.slice(2)));
    else {
      state.uids.set(name, Number(key));
      state.uidNext = Math.max(state.uidNext, Number(key) + 1);
    }
  }
  return state;
}

/** Writes a name in one line, whatever it holds. */
function escapeName(name: string): string {
  return /[\x00-\x1f\x7f]|^=/.test(name) ? `=${encodeURIComponent(name.toWellFormed())}` : name;
}

function unescapeName(text: string): string {
  if (!text.startsWith("=")) return text;
  try {
    return decodeURIComponent(text.slice(1));
  } catch {
    return text;
  }
}
