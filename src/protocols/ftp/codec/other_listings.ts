/**
 * Listings of servers that imitate neither `ls -l` nor MLSD.
 *
 * @module
 */

import { Tainted } from "../../../net/mod.ts";
import type { FtpEntry } from "./entry.ts";
import { parseSize } from "./facts.ts";
import { makeDate } from "./time.ts";

/**
 * Reads a line of a Windows server, such as `02-28-26  11:59PM       <DIR>          a name`; the year may have
 * four digits, may come first, dots put the day first, and the clock may go to 24.
 *
 * @param line The line without its end.
 * @returns The entry; undefined if the line is none.
 */
export function parseDosLine(line: string): FtpEntry | undefined {
  const match =
    /^(\d{1,4})[-/.](\d\d)[-/.](\d{2,4}) {1,3}(\d\d):(\d\d) ?([AP]M)? {1,30}(<[A-Z]{3,9}>|[\d,.]{1,24}) {1,30}(.+)$/i
      .exec(line.slice(0, 4096));
  if (match === null) return undefined;
  const [, first, second, third, hours, minutes, half, size, rest] = match;
  const isDayFirst = /^\d\d\./.test(line);
  const [year, month, day] = first!.length === 4
    ? [first, second, third]
    : isDayFirst
    ? [third, second, first]
    : [third, first, second];
  const hour = half === undefined
    ? Number(hours)
    : Number(hours) % 12 + (half.toUpperCase() === "PM" ? 12 : 0);
  const modified = makeDate(
    [fullYear(year!), Number(month), Number(day)],
    [hour, Number(minutes), 0],
  );
  if (modified === undefined) return undefined;
  const type = size!.startsWith("<") ? size!.toUpperCase() : undefined;
  const isLink = type !== undefined && type !== "<DIR>";
  const [, name = rest!, target] = isLink ? /^(.+) \[([^[\]]*)\]$/.exec(rest!) ?? [] : [];
  return {
    name: new Tainted(name),
    kind: type === "<DIR>" ? "folder" : isLink ? "link" : "file",
    size: type === undefined ? parseSize(size!.replaceAll(/[,.]/g, "")) : undefined,
    modified,
    precision: "minute",
    target: target === undefined ? undefined : new Tainted(target),
  };
}

function fullYear(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

/**
 * Reads a line of EPLF (D. J. Bernstein), such as `+i8388621.48594,m825718503,r,s280,` and a tabulator and a name.
 *
 * @param line The line without its end.
 * @returns The entry; undefined if the line is none.
 */
export function parseEplfLine(line: string): FtpEntry | undefined {
  const tab = line.indexOf("\t");
  if (!line.startsWith("+") || tab < 0 || tab === line.length - 1) return undefined;
  const facts = line.slice(1, tab).split(",");
  const valueOf = (letter: string): string | undefined =>
    facts.find((fact) => fact.startsWith(letter))?.slice(1);
  const seconds = parseSize(valueOf("m"));
  const mode = /^[0-7]{3,4}$/.exec(valueOf("up") ?? "")?.[0];
  const unique = valueOf("i");
  const isTime = seconds !== undefined && seconds < 253_402_300_800;
  return {
    name: new Tainted(line.slice(tab + 1)),
    kind: facts.includes("/") ? "folder" : facts.includes("r") ? "file" : "other",
    size: parseSize(valueOf("s")),
    modified: isTime ? new Date(seconds * 1000) : undefined,
    precision: isTime ? "second" : undefined,
    mode: mode === undefined ? undefined : parseInt(mode, 8),
    unique: unique === undefined ? undefined : new Tainted(unique),
  };
}

/**
 * Reads a line of a VMS server, such as `README.TXT;4  7/8  28-FEB-2026 23:59:58  [ANN]  (RWED,RWED,RE,)`.
 * A block has 512 bytes, so no exact size is known.
 *
 * @param line The line without its end; where a long name stands alone, the next one belongs to it.
 * @returns The entry; undefined if the line is none.
 */
export function parseVmsLine(line: string): FtpEntry | undefined {
  const match =
    /^([^\s;]{1,255});\d{1,5}\s+\d+(?:\/\d+)?\s+(\d{1,2})-([A-Z]{3})-(\d{4}) +(\d\d):(\d\d)(?::(\d\d))?/i
      .exec(
        line.slice(0, 1024),
      );
  if (match === null) return undefined;
  const [, name, day, month, year, hour, minute, second] = match;
  const months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  const index = months.indexOf(month!.toUpperCase());
  const modified = index % 3 !== 0 ? undefined : makeDate(
    [Number(year), index / 3 + 1, Number(day)],
    [Number(hour), Number(minute), Number(second ?? 0)],
  );
  if (modified === undefined) return undefined;
  const folder = /^(.+)\.DIR$/i.exec(name!)?.[1];
  return {
    name: new Tainted(folder ?? name!),
    kind: folder === undefined ? "file" : "folder",
    modified,
    precision: second === undefined ? "minute" : "second",
  };
}
