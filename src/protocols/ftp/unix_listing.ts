/**
 * Listings as `ls -l` writes them, and servers that imitate it.
 *
 * @module
 */

import { Tainted } from "../../net/mod.ts";
import type { FtpEntry, FtpKind, FtpPrecision } from "./entry.ts";
import { parseSize } from "./facts.ts";
import { makeDate } from "./time.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** A listing without a year may be a little in the future, by a clock or a time zone that is off. */
const FUTURE_MS = 26 * 3_600_000;

/** A time, and how exact it is. */
interface Stamp {
  readonly modified: Date;
  readonly precision: FtpPrecision;
}

/**
 * Reads a line such as `-rw-r--r--  1 ann users  7 Feb 28 23:59 read me`. The columns of links, owner and
 * group may be missing, may run together, or may hold spaces: the date is what the line is taken apart by.
 *
 * @param line The line without its end.
 * @param now What "no year" is counted from.
 * @returns The entry, its time in UTC; undefined if the line is none.
 */
export function parseUnixLine(line: string, now: Date): FtpEntry | undefined {
  const permissions = /^([-dlbcpsDn])([-rwxsStTlL]{9})[.+@]?(?=[\s\d])/.exec(line);
  const netware = permissions === null ? /^([-d]) ?\[[-RWCEAFMS]{6,9}\](?=\s)/.exec(line) : null;
  const opening = permissions ?? netware;
  if (opening === null || line.length > 8192) return undefined;
  const dated = findDate(line, opening[0].length, now);
  if (dated === undefined) return undefined;
  const { stamp, from, to } = dated;
  const columns = line.slice(opening[0].length, from).trim().split(/\s+/);
  const size = parseSize(columns.at(-1)?.replace(/^.*,/, ""));
  const type = opening[1]!;
  // One space divides date and name; what follows it belongs to the name.
  const rest = line.slice(to).replace(/^ /, "");
  if (rest === "") return undefined;
  const [name, target] = type === "l" ? splitLink(rest) : [rest];
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

/** A link's name cannot be told from its target where both hold the arrow: the first one counts. */
function splitLink(text: string): [name: string, target?: string] {
  const arrow = text.indexOf(" -> ");
  return arrow <= 0 ? [text] : [text.slice(0, arrow), text.slice(arrow + 4)];
}

/** Patterns of dates; each is tried where a word begins, and a size must stand before it. */
const DATES: readonly [
  pattern: RegExp,
  read: (match: RegExpExecArray, now: Date) => Stamp | undefined,
][] = [
  // Feb 28 23:59, Feb 28 2026, Feb 28  2026, Feb 28, 2026
  [/([A-Za-z]{3})\.? {1,2}(\d{1,2}),? {1,2}(\d{1,2}:\d\d(?::\d\d)?|\d{4})(?= |$)/y, readMonthFirst],
  // 28 Feb 23:59, 28 Feb 2026, 28. Feb 2026
  [/(\d{1,2})\.? {1,2}([A-Za-z]{3})\.? {1,2}(\d{1,2}:\d\d(?::\d\d)?|\d{4})(?= |$)/y, readDayFirst],
  // 2026-02-28 23:59, 2026-02-28 23:59:58.123456789 +0100
  [
    /(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?: ([-+]\d{4}))?(?= |$)/y,
    readIso,
  ],
];

/** Finds the first date behind a size. */
function findDate(
  line: string,
  start: number,
  now: Date,
): { readonly stamp: Stamp; readonly from: number; readonly to: number } | undefined {
  const words = /\S+/g;
  words.lastIndex = start;
  for (let word = words.exec(line), hasSize = false; word !== null; word = words.exec(line)) {
    if (hasSize) {
      for (const [pattern, read] of DATES) {
        pattern.lastIndex = word.index;
        const match = pattern.exec(line);
        const stamp = match === null ? undefined : read(match, now);
        if (stamp !== undefined) return { stamp, from: word.index, to: pattern.lastIndex };
      }
    }
    hasSize ||= /\d$/.test(word[0]);
    // No server has so many columns: linear time whatever comes.
    if (word.index > 1000) return undefined;
  }
  return undefined;
}

function readMonthFirst([, month, day, rest]: RegExpExecArray, now: Date): Stamp | undefined {
  return readClockOrYear(MONTHS.indexOf(month!.toLowerCase()) + 1, Number(day), rest!, now);
}

function readDayFirst([, day, month, rest]: RegExpExecArray, now: Date): Stamp | undefined {
  return readClockOrYear(MONTHS.indexOf(month!.toLowerCase()) + 1, Number(day), rest!, now);
}

function readClockOrYear(month: number, day: number, rest: string, now: Date): Stamp | undefined {
  if (month === 0) return undefined;
  if (!rest.includes(":")) {
    const modified = makeDate([Number(rest), month, day]);
    return modified && { modified, precision: "day" };
  }
  const [hour = 0, minute = 0, second] = rest.split(":").map(Number);
  // Without a year it is the last such day, as far as the clocks agree; February 29 looks further back.
  for (let year = now.getUTCFullYear() + 1, tries = 0; tries < 9; year--, tries++) {
    const modified = makeDate([year, month, day], [hour, minute, second ?? 0]);
    if (modified !== undefined && modified.getTime() <= now.getTime() + FUTURE_MS) {
      return { modified, precision: second === undefined ? "minute" : "second" };
    }
  }
  return undefined;
}

function readIso(match: RegExpExecArray): Stamp | undefined {
  const [year, month, day, hour, minute] = match.slice(1, 6).map(Number);
  const [, , , , , , second, zone] = match;
  const local = makeDate([year!, month!, day!], [hour!, minute!, Number(second ?? 0)]);
  if (local === undefined) return undefined;
  const minutes = zone === undefined ? 0 : Number(`${zone[0]}1`) *
    (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  return {
    modified: new Date(local.getTime() - minutes * 60_000),
    precision: second === undefined ? "minute" : "second",
  };
}
