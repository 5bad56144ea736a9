/**
 * Listings of IBM's systems: MVS (z/OS) data sets and members, AS/400 (IBM i), OS/2; and OS-9.
 *
 * @module
 */

import { Tainted } from "../../../net/mod.ts";
import type { FtpEntry } from "./entry.ts";
import { parseSize } from "./facts.ts";
import { makeDate } from "./time.ts";

/**
 * Reads a line of MVS: a data set such as `USER01 3390   2009/07/16  1   15  FB      80  3120  PO  A.B.C`, or a member
 * of one such as `MEMBER1  01.03 2009/07/14 2009/07/16 19:50    12    10     0 USER01`.
 *
 * @param line The line without its end.
 * @returns The entry, a partitioned data set as a folder; undefined if the line is none.
 */
export function parseMvsLine(line: string): FtpEntry | undefined {
  const text = line.slice(0, 1024);
  const set =
    /^\S{1,6} +\S+ +(\d{4})\/(\d\d)\/(\d\d) +\d+ +[\d?]+ +\S+ +\d+ +\d+ +(PS|PO|PO-E|VS|DA) +(\S+)$/
      .exec(text);
  if (set !== null) {
    const [, year, month, day, organisation, name] = set;
    const modified = makeDate([Number(year), Number(month), Number(day)]);
    return {
      name: new Tainted(name!.replace(/^'(.+)'$/, "$1")),
      kind: organisation!.startsWith("PO") ? "folder" : "file",
      modified,
      precision: modified && "day",
    };
  }
  // Data sets on tape, and those without a volume.
  const offline =
    /^(?:Migrated|MIGRAT|ARCIVE|Pseudo Directory|Error determining attributes) +(\S+)$/.exec(
      text,
    ) ??
      /^\S{1,6} +(?:Tape|VSAM|Not Mounted|Not Direct Access Device) +(\S+)$/.exec(text);
  if (offline !== null) {
    const kind = text.startsWith("Pseudo") ? "folder" : "file";
    return { name: new Tainted(offline[1]!.replace(/^'(.+)'$/, "$1")), kind };
  }
  const member =
    /^(\S{1,8}) +\d\d\.\d\d +\d{4}\/\d\d\/\d\d +(\d{4})\/(\d\d)\/(\d\d) +(\d\d):(\d\d)(?: +\d+){3} +\S+$/
      .exec(text);
  if (member === null) return undefined;
  const [, name, year, month, day, hour, minute] = member;
  const modified = makeDate(
    [Number(year), Number(month), Number(day)],
    [Number(hour), Number(minute), 0],
  );
  return { name: new Tainted(name!), kind: "file", modified, precision: modified && "minute" };
}

/**
 * Reads a line of AS/400, such as `QSECOFR   77824 02/23/00 15:09:55 *DIR       QOpenSys/`.
 *
 * @param line The line without its end.
 * @returns The entry; its time is absent if day and month cannot be distinguished. Undefined if the line is malformed.
 */
export function parseAs400Line(line: string): FtpEntry | undefined {
  const match =
    /^\S{1,10} +(?:(\d+) +(\d\d)[/.](\d\d)[/.](\d\d) +(\d\d):(\d\d):(\d\d) +)?(\*[A-Z0-9]{1,10}) +(\S.*)$/
      .exec(line.slice(0, 4096));
  if (match === null) return undefined;
  const [, size, first, second, third, hour, minute, seconds, type, rest] = match;
  const isFolder = rest!.endsWith("/") || ["*DIR", "*FLR", "*LIB"].includes(type!);
  const isObject = type === "*FILE";
  const modified = first === undefined
    ? undefined
    : readAs400Date([first, second!, third!].map(Number), [hour, minute, seconds].map(Number));
  const name = rest!.trimEnd().replace(/\/$/, "");
  return {
    name: new Tainted(name),
    kind: isFolder || isObject ? "folder" : type === "*SYMLNK" ? "link" : "file",
    size: isFolder || isObject ? undefined : parseSize(size),
    modified,
    precision: modified && "second",
  };
}

/** The order of the parts is a setting of the user there: ambiguous dates are unknown. */
function readAs400Date(parts: number[], time: (number | undefined)[]): Date | undefined {
  const [a, b, c] = parts as [number, number, number];
  const clock = time as [number, number, number];
  const century = (year: number): number => year + (year < 70 ? 2000 : 1900);
  const readings = [
    [century(c), a, b],
    [century(c), b, a],
    [century(a), b, c],
  ].map(([year, month, day]) => makeDate([year!, month!, day!], clock))
    .filter((date) => date !== undefined);
  const times = new Set(readings.map((date) => date.getTime()));
  return times.size === 1 ? readings[0] : undefined;
}

/**
 * Reads a line of OS/2, such as `    73098      A     04-06-97   15:15  a name` or `0   DIR   05-12-97   16:44  PSFONTS`.
 *
 * @param line The line without its end.
 * @returns The entry; undefined if the line is none.
 */
export function parseOs2Line(line: string): FtpEntry | undefined {
  const match =
    /^ *(\d{1,15}) +(?:([A-Z]{1,5}) +)?(?:([A-Z]{1,5}) +)?(\d\d)-(\d\d)-(\d\d|\d{4}) +(\d\d):(\d\d) +(\S.*)$/
      .exec(line.slice(0, 4096));
  if (match === null) return undefined;
  const [, size, first, second, month, day, year, hour, minute, name] = match;
  const full = year!.length > 2 ? Number(year) : Number(year) + (Number(year) < 70 ? 2000 : 1900);
  const modified = makeDate([full, Number(month), Number(day)], [Number(hour), Number(minute), 0]);
  if (modified === undefined) return undefined;
  const isFolder = first === "DIR" || second === "DIR";
  return {
    name: new Tainted(name!),
    kind: isFolder ? "folder" : "file",
    size: isFolder ? undefined : parseSize(size),
    modified,
    precision: "minute",
  };
}

/**
 * Reads a line of OS-9, such as `   0.0 26/02/13 2014 d-ewrewr     171    3428 a_name`.
 *
 * @param line The line without its end.
 * @returns The entry; undefined if the line is none.
 */
export function parseOs9Line(line: string): FtpEntry | undefined {
  const match =
    /^ *\d+\.\d+ +(\d\d)\/(\d\d)\/(\d\d) +(\d\d):?(\d\d) +([d-])[-sewr]{7} +[\dA-F]+ +(\d{1,15}) +(\S.*)$/i
      .exec(line.slice(0, 4096));
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, type, size, name] = match;
  const full = Number(year) + (Number(year) < 70 ? 2000 : 1900);
  const modified = makeDate([full, Number(month), Number(day)], [Number(hour), Number(minute), 0]);
  return {
    name: new Tainted(name!),
    kind: type!.toLowerCase() === "d" ? "folder" : "file",
    size: type === "-" ? parseSize(size) : undefined,
    modified,
    precision: modified && "minute",
  };
}
