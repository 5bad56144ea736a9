/**
 * Listings in whatever form a server gives them.
 *
 * @module
 */

import { Tainted } from "../../../net/mod.ts";
import type { FtpEntry } from "./entry.ts";
import { parseFacts } from "./facts.ts";
import { parseAs400Line, parseMvsLine, parseOs2Line, parseOs9Line } from "./_mainframe_listings.ts";
import { parseDosLine, parseEplfLine, parseVmsLine } from "./other_listings.ts";
import { parseUnixLine, timeAndYear } from "./unix_listing.ts";

/** How a listing is read. */
export interface ListingOptions {
  /** What times without a year are counted from. @default {new Date()} */
  readonly now?: Date | undefined;
  /** How many minutes the server's clock is ahead of UTC, for times without a zone. @default {0} */
  readonly zoneMinutes?: number | undefined;
  /** Whether a year behind a time without seconds belongs to the time, and not to the name. @default {true} */
  readonly yearAfterTime?: boolean | undefined;
}

/**
 * Reads one line of a LIST reply: UNIX in its many forms and languages, NetWare, Windows, EPLF, VMS, MVS, AS/400,
 * OS/2, OS-9.
 *
 * @param line The line without its end.
 * @param options What its times are counted from.
 * @returns The entry; undefined if the line is none, such as a total, a heading, or something unknown.
 *
 * @example A file of a Windows server
 * ```ts
 * import { parseListLine } from "./listing.ts";
 * const entry = parseListLine("02-28-26  11:59PM                    7 read me");
 * if (entry?.size !== 7 || entry.kind !== "file") throw new Error("misread");
 * ```
 */
export function parseListLine(line: string, options: ListingOptions = {}): FtpEntry | undefined {
  const { zoneMinutes = 0 } = options;
  const shift = zoneMinutes * 60_000;
  const local = new Date((options.now ?? new Date()).getTime() + shift);
  const eplf = parseEplfLine(line);
  if (eplf !== undefined) return eplf;
  const { yearAfterTime } = options;
  const entry = parseUnixLine(line, { now: local, yearAfterTime }) ?? parseDosLine(line) ??
    parseVmsLine(line) ?? parseMvsLine(line) ?? parseAs400Line(line) ?? parseOs2Line(line) ??
    parseOs9Line(line);
  if (entry?.modified === undefined || shift === 0 || hasZone(line)) return entry;
  return { ...entry, modified: new Date(entry.modified.getTime() - shift) };
}

/** The result for one or two lines of a listing. */
export type ListedLine =
  | { readonly entry: FtpEntry }
  /** A line that may be an entry, but of an unknown form. */
  | { readonly unknown: Tainted<string> };

/** Maximum number of lines that are held back until others show how they are to be read. */
const MAX_HELD = 256;

/**
 * Reads the lines of one LIST reply. Some forms take two lines, and some lines can be read only when others are known.
 *
 * @example A listing with a heading and a line of an unknown form
 * ```ts
 * import { ListReader } from "./listing.ts";
 * const reader = new ListReader();
 * const lines = ["total 4", "-rw-r--r-- 1 ann users 7 Feb 28 23:59 a", "??? b"];
 * const read = [...lines.flatMap((line) => [...reader.read(line)]), ...reader.end()];
 * if (read.filter((line) => "entry" in line).length !== 1) throw new Error("misread");
 * if (read.filter((line) => "unknown" in line).length !== 1) throw new Error("not reported");
 * ```
 */
export class ListReader {
  readonly #options: ListingOptions;
  /** A line that the next one continues (VMS). */
  #begun: string | undefined;
  /** Lines with a time and a year behind it, of which the meaning of the year is not known yet. */
  readonly #held: string[] = [];
  #yearAfterTime: boolean | undefined;
  #isFirst = true;
  /** Whether members of an MVS data set are listed, which may be names alone. */
  #isMembers = false;

  /**
   * Begins a listing.
   * @param options How lines are read.
   */
  constructor(options: ListingOptions = {}) {
    this.#options = options;
    this.#yearAfterTime = options.yearAfterTime;
  }

  /**
   * Reads a line.
   * @param line The line without its end.
   * @returns The certain results.
   */
  *read(line: string): Generator<ListedLine> {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (this.#begun !== undefined) {
      const begun = this.#begun;
      this.#begun = undefined;
      if (/^\s+\S/.test(line)) return yield* this.#take(`${begun} ${line.trimStart()}`);
      yield { unknown: new Tainted(begun) };
    }
    if (this.#isHeading(line, isFirst)) return;
    if (/^[^\s;]{1,255};\d{1,5}$/.test(line.trimEnd())) this.#begun = line.trimEnd();
    else yield* this.#take(line);
  }

  /**
   * Ends the listing.
   * @returns The results for the lines that were held back.
   */
  *end(): Generator<ListedLine> {
    if (this.#begun !== undefined) yield { unknown: new Tainted(this.#begun) };
    this.#begun = undefined;
    yield* this.#release(true);
  }

  *#take(line: string): Generator<ListedLine> {
    const form = this.#yearAfterTime === undefined ? timeAndYear(line) : undefined;
    if (form === "time and year") {
      this.#held.push(line);
      if (this.#held.length > MAX_HELD) yield* this.#release(true);
      return;
    }
    // Who writes times without a year, or years without a time, does not write both.
    if (form !== undefined) yield* this.#release(false);
    yield this.#parse(line);
  }

  *#release(yearAfterTime: boolean): Generator<ListedLine> {
    if (this.#held.length === 0 && yearAfterTime) return;
    this.#yearAfterTime ??= yearAfterTime;
    for (const line of this.#held.splice(0)) yield this.#parse(line);
  }

  #parse(line: string): ListedLine {
    const entry = parseListLine(line, { ...this.#options, yearAfterTime: this.#yearAfterTime });
    if (entry !== undefined) return { entry };
    if (this.#isMembers && /^\S{1,8}$/.test(line.trim())) {
      return { entry: { name: new Tainted(line.trim()), kind: "file" } };
    }
    return { unknown: new Tainted(line) };
  }

  /** Lines whose text shows that they are not entries. */
  #isHeading(line: string, isFirst: boolean): boolean {
    if (/^\s*$/.test(line)) return true;
    // VMS
    if (/^(?:Directory \S|Total of \d+ (?:file|block)|Grand total of )/i.test(line)) return true;
    // MVS
    if (/^Volume\s+Unit\s/.test(line)) return true;
    if (/^\s*Name\s+(?:VV\.MM|Size)\s/.test(line)) return this.#isMembers = true;
    // UNIX: `total 12` in any language, and the name of the folder
    if (/^total[ :]/i.test(line)) return true;
    return isFirst && line.length < 200 &&
      (/^\p{L}[\p{L}\p{M}]*(?: \p{L}+)?[:：]? ?[\d.,]+ ?[KMGT]?(?:i?B)?$/u.test(line) ||
        /^(?:\.|\/\S*):$/.test(line));
  }
}

/** Reads the lines of one MLSD reply. */
export class MlsdReader {
  /** Parses a line; the folder itself and its parent are not entries of it. */
  *read(line: string): Generator<ListedLine> {
    const { place, ...entry } = parseFacts(line) ?? { place: "unknown" };
    if (place === "entry" && "name" in entry) yield { entry };
    else if (place === "unknown" && line.trim() !== "") yield { unknown: new Tainted(line) };
  }

  /** Ends the listing. */
  *end(): Generator<ListedLine> {}
}

/** Parses a line of MLSD; the folder itself and its parent are not entries of it. */
export function parseMlsdLine(line: string): FtpEntry | undefined {
  const { place, ...entry } = parseFacts(line) ?? { place: "self" };
  if (place !== "entry" || !("name" in entry)) return undefined;
  return isDotEntry(entry.name) ? undefined : entry;
}

/** Whether a name stands for the folder itself or the one above it. */
export function isDotEntry(name: Tainted<string>): boolean {
  return name.validate((text) => text === "." || text === "..");
}

function hasZone(line: string): boolean {
  return /\d\d:\d\d:\d\d(?:\.\d+)? [-+]\d{4} /.test(line);
}
