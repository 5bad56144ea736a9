/**
 * Times as FTP writes them: `20261125114500.123`, always UTC (RFC 3659 §2.3).
 *
 * @module
 */

/**
 * Reads a time.
 *
 * @param text 14 digits, and perhaps a fraction of a second. The 19100 of old servers is understood as 2000.
 * @returns The time; undefined if it is none.
 *
 * @example A time
 * ```ts
 * import { parseFtpTime } from "./time.ts";
 * if (parseFtpTime("20260228235959")?.toISOString() !== "2026-02-28T23:59:59.000Z") throw new Error();
 * ```
 */
export function parseFtpTime(text: string): Date | undefined {
  // Servers of the year 2000 wrote "19" and the years since 1900.
  const mended = /^191\d{12}(?:\.|$)/.test(text)
    ? `${1900 + Number(text.slice(2, 5))}${text.slice(5)}`
    : text;
  const [, date, time, fraction = ""] = /^(\d{8})(\d{6})(?:\.(\d{1,9}))?$/.exec(mended) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)].map(Number);
  const [hour, minute, second] = [time.slice(0, 2), time.slice(2, 4), time.slice(4)].map(Number);
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  return makeDate([year!, month!, day!], [hour!, minute!, second!], ms);
}

/**
 * Makes a date of its parts, in UTC.
 *
 * @param date Year, month from 1, day.
 * @param time Hour, minute, second; 60 is a leap second, and the next minute.
 * @param ms Milliseconds.
 * @returns The date; undefined if there is no such day or time.
 */
export function makeDate(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number] = [0, 0, 0],
  ms = 0,
): Date | undefined {
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day) return undefined;
  made.setUTCHours(hour, minute, second, ms);
  return made;
}

/**
 * Writes a time.
 *
 * @param date The time, of the years 0 to 9999.
 * @returns 14 digits; with three more behind a dot if there are milliseconds.
 */
export function formatFtpTime(date: Date): string {
  const [whole, ms] = [
    date.toISOString().replaceAll(/[-:T]|\.\d+Z$/g, ""),
    date.getUTCMilliseconds(),
  ];
  return ms === 0 ? whole : `${whole}.${String(ms).padStart(3, "0")}`;
}
