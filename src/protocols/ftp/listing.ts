/**
 * Listings in whatever form a server gives them.
 *
 * @module
 */

import { Tainted } from "../../net/mod.ts";
import type { FtpEntry } from "./entry.ts";
import { parseFacts } from "./facts.ts";
import { parseDosLine, parseEplfLine, parseVmsLine } from "./other_listings.ts";
import { parseUnixLine } from "./unix_listing.ts";

/** How a listing is read. */
export interface ListingOptions {
  /** What times without a year are counted from. @default {new Date()} */
  readonly now?: Date | undefined;
  /** How many minutes the server's clock is ahead of UTC, for times without a zone. @default {0} */
  readonly zoneMinutes?: number | undefined;
}

/**
 * Reads one line of a LIST reply: UNIX in its many forms, NetWare, Windows, EPLF, VMS.
 *
 * @param line The line without its end.
 * @param options What its times are counted from.
 * @returns The entry; undefined if the line is none, such as a total, a heading, or something unknown.
 *
 * @example A file of a Windows server
 * ```ts
 * import { parseListLine } from "@netwright/netwright/ftp";
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
  const entry = parseUnixLine(line, local) ?? parseDosLine(line) ?? parseVmsLine(line);
  if (entry?.modified === undefined || shift === 0 || hasZone(line)) return entry;
  return { ...entry, modified: new Date(entry.modified.getTime() - shift) };
}

/** Reads a line of MLSD; the folder itself and the one above it are no entries of it. */
export function parseMlsdLine(line: string): FtpEntry | undefined {
  const { place, ...entry } = parseFacts(line) ?? { place: "self" };
  if (place !== "entry" || !("name" in entry)) return undefined;
  return isDots(entry.name) ? undefined : entry;
}

/** Whether a name stands for the folder itself or the one above it. */
export function isDots(name: Tainted<string>): boolean {
  return name.launder((text) => text === "." || text === "..");
}

function hasZone(line: string): boolean {
  return /\d\d:\d\d:\d\d(?:\.\d+)? [-+]\d{4} /.test(line);
}
