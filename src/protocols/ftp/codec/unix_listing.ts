/**
 * Listings as `ls -l` writes them, and servers that imitate it.
 *
 * @module
 */

import { Tainted } from "../../../net/mod.ts";
import type { FtpEntry, FtpKind, FtpPrecision } from "./entry.ts";
import { parseSize } from "./facts.ts";
import { type MonthNames, monthOf } from "./_months.ts";
import { makeDate } from "./time.ts";

/** A listing without a year may be a little in the future, by a clock or a time zone that is off. */
const FUTURE_MS = 26 * 3_600_000;

/** A time, and how exact it is; nothing where the month's name is not known. */
interface Stamp {
  readonly modified?: Date;
  readonly precision?: FtpPrecision;
}

/** How a line is read. */
export interface UnixLineOptions {
  /** What times without a year are counted from. */
  readonly now: Date;
  /** Whether a year behind a time without seconds belongs to it, and not to the name. @default {true} */
  readonly yearAfterTime?: boolean | undefined;
}

/**
 * Reads a line such as `-rw-r--r--  1 ann users  7 Feb 28 23:59 read me`. The columns of links, owner and
 * group may be missing, may run together, or may hold spaces: the line is split at its date.
 *
 * @param line The line without its end.
 * @param options How it is read.
 * @returns The entry, its time in UTC; undefined if the line is none.
 */
export function parseUnixLine(line: string, options: UnixLineOptions): FtpEntry | undefined {
  const permissions = /^([-dlbcpsDn])([-rwxsStTlL]{9})[.+@]?(?=[\s\d])/.exec(line) ??
    /^()([-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT])(?=\s)/.exec(line);
  const netware = permissions === null ? /^([-d]) ?\[[-RWCEAFMS]{6,9}\](?=\s)/.exec(line) : null;
  const opening = permissions ?? netware;
  if (opening === null || line.length > 8192) return undefined;
  const dated = findDate(line, opening[0].length, options);
  if (dated === undefined) return undefined;
  const { stamp, from, to } = dated;
  const columns = line.slice(opening[0].length, from).trim().split(/\s+/);
  const size = parseSize(columns.at(-1)?.replace(/^.*,/, ""));
  const type = opening[1] || "-";
  // One space divides date and name; what follows it belongs to the name. NetWare fills columns.
  const rest = line.slice(to).replace(netware === null ? /^ / : /^ +/, "");
  if (rest === "") return undefined;
  const [name, target] = type === "l" ? splitLink(rest, size) : [rest];
  // Links, owner, group, size; fewer on some servers.
  const owners = columns.slice(/^\d+$/.test(columns[0] ?? "") && columns.length > 2 ? 1 : 0, -1);
  return {
    name: new Tainted(name!),
    kind: kindOf(type),
    size: type === "-" || type === "n" ? size : undefined,
    ...stamp,
    mode: permissions === null ? undefined : parseMode(permissions[2]!),
    target: target === undefined ? undefined : new Tainted(target),
    owner: owners[0] === undefined ? undefined : new Tainted(owners[0]),
    group: owners[1] === undefined ? undefined : new Tainted(owners.slice(1).join(" ")),
  };
}

function kindOf(type: string): FtpKind {
  return type === "-" || type === "n"
    ? "file"
    : type === "d" || type === "D"
    ? "folder"
    : type === "l"
    ? "link"
    : "other";
}

/** Reads `rwxr-x--t`. */
export function parseMode(text: string): number {
  let mode = 0;
  for (let i = 0; i < 9; i++) {
    const letter = text[i]!;
    if (/[-STlL]/.test(letter) === false) mode |= 0o400 >> i;
    if (i % 3 === 2 && /[sStTlL]/.test(letter)) mode |= 0o4000 >> (i - 2) / 3;
  }
  return mode;
}

/**
 * Splits the name of a link from its target. Where both may hold the arrow, the size column decides: it is the length
 * of the target in bytes. Where no arrow fits it, the first one counts.
 */
function splitLink(text: string, size: number | undefined): [name: string, target?: string] {
  const arrows = [...text.matchAll(/ -> /g)].map(({ index }) => index).filter((at) => at > 0);
  const fits = (at: number): boolean => {
    const target = text.slice(at + 4);
    // The listing may be in Latin-1, too.
    return target.length === size || new TextEncoder().encode(target).length === size;
  };
  const arrow = arrows.length > 1 ? arrows.find(fits) ?? arrows[0] : arrows[0];
  return arrow === undefined ? [text] : [text.slice(0, arrow), text.slice(arrow + 4)];
}

/** The name of a month, a time perhaps with a year behind it, or a year perhaps with a time behind it. */
const MONTH = String.raw`(\p{L}[\p{L}\p{M}]{1,8}\.?|\d{1,2}[月월])`;
const CLOCK = String
  .raw`(\d{1,2}:\d\d(?::\d\d)?(?: {1,2}(?:19|20)\d\d(?= ))?|\d{4}年?(?: \d\d:\d\d(?= ))?)`;

type ReadDate = (
  match: RegExpExecArray,
  options: UnixLineOptions,
  names: MonthNames,
) => Stamp | undefined;

/** Patterns of dates; each is tried where a word begins, and must follow a size. */
const DATES: readonly [pattern: RegExp, read: ReadDate][] = [
  // Feb 28 23:59, Feb 28 2026, Feb 28  2026, Feb 28, 2026, 2月 28 23:59
  [new RegExp(`${MONTH} {0,2}(\\d{1,2})[日일]?,? {1,2}${CLOCK}(?= |$)`, "uy"), readMonthFirst],
  // 28 Feb 23:59, 28 Feb 2026, 28. Feb 2026
  [new RegExp(`(\\d{1,2})\\.? {1,2}${MONTH} {1,2}${CLOCK}(?= |$)`, "uy"), readDayFirst],
  // 2026-02-28 23:59, 2026/02/28 23:59, 2026-02-28 23:59:58.123456789 +0100
  [
    /(\d{4})([-/.])(\d\d)\2(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?: ([-+]\d{4}))?(?= |$)/y,
    readIso,
  ],
  // 28.02.26 23:59, 28.02.2026 23:59
  [/(\d\d)\.(\d\d)\.(\d{4}|\d\d) {1,2}(\d\d):(\d\d)(?= |$)/y, readDotted],
];

/** Where a date is in a line. */
interface FoundDate {
  readonly stamp: Stamp;
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the first date behind a size: one that is understood, else one with a word for its month. If such a word
 * precedes a date that is understood, either may be a part of a name, so the line is not understood.
 */
function findDate(line: string, start: number, options: UnixLineOptions): FoundDate | undefined {
  const known = findDateBy("local", line, start, options);
  const any = findDateBy("any", line, start, options);
  if (known === undefined || any === undefined) return known ?? any;
  return any.from < known.from ? undefined : known;
}

function findDateBy(
  names: MonthNames,
  line: string,
  start: number,
  options: UnixLineOptions,
): FoundDate | undefined {
  const words = /\S+/g;
  words.lastIndex = start;
  for (let word = words.exec(line), hasSize = false; word !== null; word = words.exec(line)) {
    if (hasSize) {
      for (const [pattern, read] of DATES) {
        pattern.lastIndex = word.index;
        const match = withoutYear(pattern.exec(line), options);
        const stamp = match === null ? undefined : read(match, options, names);
        if (stamp !== undefined) {
          return { stamp, from: word.index, to: word.index + match![0].length };
        }
      }
    }
    hasSize ||= /\d$/.test(word[0]);
    // No server has so many columns: linear time whatever comes.
    if (word.index > 1000) return undefined;
  }
  return undefined;
}

/** Leaves a year that follows a time without seconds to the name, if it is to belong there. */
function withoutYear(
  match: RegExpExecArray | null,
  { yearAfterTime = true }: UnixLineOptions,
): RegExpExecArray | null {
  const last = match?.at(-1);
  if (yearAfterTime || match == null || last === undefined) return match;
  const year = /^\d{1,2}:\d\d( {1,2}\d{4})$/.exec(last)?.[1];
  if (year === undefined) return match;
  match[match.length - 1] = last.slice(0, -year.length);
  match[0] = match[0].slice(0, -year.length);
  return match;
}

/** Checks whether a line has a time without seconds, and whether a year follows it. */
export function timeAndYear(line: string): "time" | "time and year" | "year" | undefined {
  const [, time, year] =
    / \d{1,2}[日일]?,? {1,2}(?:(\d{1,2}:\d\d)(?: {1,2}((?:19|20)\d\d) )?|\d{4} )/.exec(
      line.slice(0, 1200),
    ) ?? [];
  if (time === undefined) {
    return / \d{1,2},? {1,2}\d{4} /.test(line.slice(0, 1200)) ? "year" : undefined;
  }
  return year === undefined ? "time" : "time and year";
}

function readMonthFirst(
  [, month, day, rest]: RegExpExecArray,
  options: UnixLineOptions,
  names: MonthNames,
): Stamp | undefined {
  return readClockOrYear(monthOf(month!, names), Number(day), rest!, options);
}

function readDayFirst(
  [, day, month, rest]: RegExpExecArray,
  options: UnixLineOptions,
  names: MonthNames,
): Stamp | undefined {
  return readClockOrYear(monthOf(month!, names), Number(day), rest!, options);
}

function readClockOrYear(
  month: number | undefined,
  day: number,
  rest: string,
  { now }: UnixLineOptions,
): Stamp | undefined {
  if (month === undefined) return undefined;
  const clock = rest.split(" ").find((word) => word.includes(":"));
  const written = rest.split(" ").find((word) => /^\d{4}年?$/.test(word))?.slice(0, 4);
  const [hour = 0, minute = 0, second] = clock?.split(":").map(Number) ?? [];
  if (month === 0) return day >= 1 && day <= 31 && hour < 24 && minute < 60 ? {} : undefined;
  const precision = clock === undefined ? "day" : second === undefined ? "minute" : "second";
  if (written !== undefined) {
    const modified = makeDate([Number(written), month, day], [hour, minute, second ?? 0]);
    return modified && { modified, precision };
  }
  // Without a year it is the last such day, as far as the clocks agree; February 29 looks further back.
  for (let year = now.getUTCFullYear() + 1, tries = 0; tries < 9; year--, tries++) {
    const modified = makeDate([year, month, day], [hour, minute, second ?? 0]);
    if (modified !== undefined && modified.getTime() <= now.getTime() + FUTURE_MS) {
      return { modified, precision };
    }
  }
  return undefined;
}

function readIso(match: RegExpExecArray): Stamp | undefined {
  const [, year, , month, day, hour, minute, second, zone] = match;
  const local = makeDate(
    [Number(year), Number(month), Number(day)],
    [Number(hour), Number(minute), Number(second ?? 0)],
  );
  if (local === undefined) return undefined;
  const minutes = zone === undefined ? 0 : Number(`${zone[0]}1`) *
    (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  return {
    modified: new Date(local.getTime() - minutes * 60_000),
    precision: second === undefined ? "minute" : "second",
  };
}

function readDotted(match: RegExpExecArray): Stamp | undefined {
  const [day, month, year, hour, minute] = match.slice(1).map(Number);
  const full = match[3]!.length > 2 ? year! : year! + (year! < 70 ? 2000 : 1900);
  const modified = makeDate([full, month!, day!], [hour!, minute!, 0]);
  return modified && { modified, precision: "minute" };
}
