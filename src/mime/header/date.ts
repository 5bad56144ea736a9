/**
 * Dates of mail and news (RFC 5322 §3.3 and §4.3).
 *
 * @module
 */

import { FieldScanner } from "./_field_scanner.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Zones by name, in hours (RFC 5322 §4.3). */
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  edt: -4,
  est: -5,
  cdt: -5,
  cst: -6,
  mdt: -6,
  mst: -7,
  pdt: -7,
  pst: -8,
};

/** A date as ISO 8601 has it, which RFC 5322 does not. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ]+(\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?/;

/** A date with the zone of its writer. */
export interface MailDate {
  /** The moment. */
  readonly date: Date;
  /** The author's offset from UTC in minutes; undefined if it is not known (`-0000`, or an unknown zone). */
  readonly offsetMinutes: number | undefined;
}

/**
 * Reads a date, with comments, obsolete years and zones, a lost day or zone or seconds; also ISO 8601.
 *
 * @param text The field's value, unfolded.
 * @returns The date, or undefined if it is none.
 *
 * @example A year of two digits and a zone by name
 * ```ts
 * import { parseMailDate } from "@netwright/netwright/mime";
 * const found = parseMailDate("21 Nov 97 09:55:06 GMT");
 * if (found?.date.toISOString() !== "1997-11-21T09:55:06.000Z") throw new Error("another day");
 * ```
 */
export function parseMailDate(text: string): MailDate | undefined {
  const words = wordsOf(
    text.trim().replace(ISO, (_, year, month, day, time) => {
      const name = MONTHS[Number(month) - 1] ?? month;
      return `${day} ${name} ${year} ${time} `;
    }),
  );
  if (/^[a-z]{3,9}\.?$/i.test(words[0] ?? "") && monthOf(words[0]!) === undefined) words.shift();
  // C's ctime() order: month first, the year last.
  if (monthOf(words[0] ?? "") !== undefined) [words[0], words[1]] = [words[1] ?? "", words[0]!];
  if (/^\d{1,2}:\d/.test(words[2] ?? "")) {
    const year = words.findIndex((word, index) => index > 2 && /^\d{4}$/.test(word));
    if (year < 0) return undefined;
    words.splice(2, 0, ...words.splice(year, 1));
  }
  const [day = "", month = "", year = "", time = "", zone] = words;
  const [, hour, minute, second = "0"] =
    /^(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d+)?)?$/.exec(time) ?? [];
  const monthNumber = monthOf(month);
  if (!/^\d{1,2}$/.test(day) || monthNumber === undefined || !/^\d{2,6}$/.test(year)) {
    return undefined;
  }
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) {
    return undefined;
  }
  const offsetMinutes = offsetOf(zone);
  const at = new Date(0);
  at.setUTCFullYear(fullYear(year), monthNumber, Number(day));
  if (at.getUTCMonth() !== monthNumber || at.getUTCDate() !== Number(day)) return undefined;
  at.setUTCHours(Number(hour), Number(minute) - (offsetMinutes ?? 0), Number(second));
  return Number.isNaN(at.getTime()) ? undefined : { date: at, offsetMinutes };
}

/**
 * Writes a date.
 *
 * @param date The moment.
 * @param offsetMinutes The writer's offset from UTC, in minutes. @default {0}
 * @returns Such as `Fri, 21 Nov 1997 09:55:06 -0600`.
 */
export function formatMailDate(date: Date, offsetMinutes: number = 0): string {
  const local = new Date(date.getTime() + offsetMinutes * 60_000);
  const two = (number: number) => String(number).padStart(2, "0");
  const month = MONTHS[local.getUTCMonth()]!;
  const distance = Math.abs(offsetMinutes);
  return `${DAYS[local.getUTCDay()]}, ${local.getUTCDate()} ${month[0]!.toUpperCase()}${
    month.slice(1)
  } ` +
    `${String(local.getUTCFullYear()).padStart(4, "0")} ` +
    `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())} ` +
    `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(distance / 60))}${two(distance % 60)}`;
}

/** The words without comments and commas; `21-Nov-97` is three. */
function wordsOf(text: string): string[] {
  const scanner = new FieldScanner(text.slice(0, 200));
  const words: string[] = [];
  while (true) {
    scanner.skipBlank();
    if (scanner.atEnd) return words;
    const word = scanner.until(" \t\r\n(,");
    if (word === "") scanner.at++;
    else if (/^\d{1,2}-[a-z]{3,9}-\d{2,4}$/i.test(word)) words.push(...word.split("-"));
    else words.push(word);
  }
}

function monthOf(word: string): number | undefined {
  const found = word.length < 3 ? -1 : MONTHS.indexOf(word.slice(0, 3).toLowerCase());
  return found < 0 ? undefined : found;
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
}

/** Minutes from UTC; undefined if nothing is known of them. */
function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === "-0000") return undefined;
  const [, sign, hours, minutes = "0"] = /^(?:gmt|utc?)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(zone) ??
    [];
  if (sign !== undefined) {
    const distance = Number(hours) * 60 + Number(minutes);
    return Number(minutes) > 59 || Number(hours) > 23
      ? undefined
      : sign === "-"
      ? -distance
      : distance;
  }
  const named = ZONES[zone.toLowerCase()];
  return named === undefined ? undefined : named * 60;
}
