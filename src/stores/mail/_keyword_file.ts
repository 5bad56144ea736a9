/**
 * Which keyword a small letter in a file's name stands for: the file that Dovecot has, so that both mean the same.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";
import { MAX_KEYWORDS } from "./maildir_names.ts";

/** Its lines are `NUMBER KEYWORD`; number 0 is the letter `a`. */
const FILE = "dovecot-keywords";
/** How often and how long it is tried to lock the file, in milliseconds. */
const RETRY_MS = 20;
const WAIT_MS = 2000;
/** A lock that is older was left by a program that died, in milliseconds. */
const STALE_MS = 120_000;

/** Keywords by their letters; letters between them may have none. */
export type Keywords = readonly (string | undefined)[];

/** The keywords of one folder. */
export class KeywordFile {
  readonly #path: string;
  #stamp = "";
  #keywords: Keywords = [];
  #changes = 0;

  constructor(folder: string) {
    this.#path = `${folder}/${FILE}`;
  }

  /** Changes with the keywords. */
  get changes(): number {
    return this.#changes;
  }

  /** Reads the file, unless it is unchanged. */
  async read(): Promise<Keywords> {
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp) return this.#keywords;
    this.#keywords = stamp === "" ? [] : parse(await Deno.readTextFile(this.#path));
    this.#stamp = stamp;
    this.#changes++;
    return this.#keywords;
  }

  /**
   * Gives keywords letters, while no other program does so.
   * @param wanted The keywords.
   * @param used Small letters that messages have; those without a keyword have an unknown meaning.
   * @returns All keywords that have letters.
   */
  async add(wanted: readonly string[], used: ReadonlySet<string>): Promise<Keywords> {
    const lock = `${this.#path}.lock`;
    const file = await lockFile(lock);
    try {
      const lines = await readLines(this.#path);
      const taken = new Set(lines.map(({ number }) => number));
      for (const keyword of wanted) {
        const free = freeNumber(taken, used) ?? unusedNumber(lines, used);
        if (free === undefined) continue;
        const before = lines.findIndex(({ number }) => number === free);
        if (before >= 0) lines.splice(before, 1);
        lines.push({ number: free, keyword });
        taken.add(free);
      }
      lines.sort((one, other) => one.number - other.number);
      const text = lines.map(({ number, keyword }) => `${number} ${keyword}\n`).join("");
      await Deno.writeTextFile(lock, text);
      await Deno.rename(lock, this.#path);
    } catch (error) {
      await Deno.remove(lock).catch(() => {});
      throw error;
    } finally {
      file.close();
    }
    return await this.read();
  }
}

interface Line {
  readonly number: number;
  readonly keyword: string;
}

function letterOf(number: number): string {
  return String.fromCharCode(97 + number);
}

/** A letter that has no keyword and that no message has. */
function freeNumber(taken: ReadonlySet<number>, used: ReadonlySet<string>): number | undefined {
  for (let number = 0; number < MAX_KEYWORDS; number++) {
    if (!taken.has(number) && !used.has(letterOf(number))) return number;
  }
  return undefined;
}

/** The letter of a keyword that no message has. */
function unusedNumber(lines: readonly Line[], used: ReadonlySet<string>): number | undefined {
  return lines.find(({ number }) => number < MAX_KEYWORDS && !used.has(letterOf(number)))?.number;
}

/** Makes the file that keeps other programs from writing. */
async function lockFile(path: string): Promise<Deno.FsFile> {
  for (const end = Date.now() + WAIT_MS;;) {
    try {
      return await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || Date.now() > end) throw error;
    }
    const age = Date.now() - (await Deno.stat(path).catch(() => undefined))?.mtime?.getTime()!;
    if (age > STALE_MS) await Deno.remove(path).catch(() => {});
    else await delay(RETRY_MS);
  }
}

async function readLines(path: string): Promise<Line[]> {
  const text = stampOf(path) === "" ? "" : await Deno.readTextFile(path);
  return [...text.matchAll(/^(\d{1,6}) (\S{1,200})$/gm)].map(([, number, keyword]) => ({
    number: Number(number),
    keyword: keyword!,
  }));
}

function parse(text: string): Keywords {
  const keywords: (string | undefined)[] = [];
  for (const [, number, keyword] of text.matchAll(/^(\d{1,2}) (\S{1,200})$/gm)) {
    // Higher numbers are in Dovecot's index only; other words than atoms cannot be flags.
    const isFlag = !/[(){%*"\]\\\x00-\x1f\x7f]/.test(keyword!);
    if (Number(number) < MAX_KEYWORDS && isFlag) keywords[Number(number)] = keyword;
  }
  return keywords;
}

/** Which file it is, and as of when; empty if there is none. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtime } = Deno.statSync(path);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
