/**
 * Dates in commands and replies (RFC 3977 §7.1, §7.3).
 *
 * @module
 */

/**
 * Parses the text of the reply to DATE: `19990623135624`.
 *
 * @param text Year, month, day, hours, minutes and seconds in UTC.
 * @returns The time; undefined if it is malformed.
 */
export function parseServerDate(text: string): Date | undefined {
  const [, date, time] = /^(\d{8})(\d{6})(?:[ \t]|$)/.exec(text) ?? [];
  return date === undefined || time === undefined ? undefined : parseDateAndTime(date, time);
}

/**
 * Parses the date and the time of NEWNEWS and NEWGROUPS.
 *
 * @param date `yyyymmdd` or `yymmdd`.
 * @param time `hhmmss`.
 * @param now The present, for years of two digits: none is after it.
 * @returns The time, taken for UTC; undefined if it is malformed.
 */
export function parseDateAndTime(
  date: string,
  time: string,
  now: Date = new Date(),
): Date | undefined {
  const [, year = "", month, day] = /^(\d\d|\d{4})(\d\d)(\d\d)$/.exec(date) ?? [];
  const [, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d)$/.exec(time) ?? [];
  if (month === undefined || hours === undefined) return undefined;
  const parts = [Number(month), Number(day), Number(hours), Number(minutes), Number(seconds)];
  const [m = 0, d = 0, h = 0, min = 0, s = 0] = parts;
  // 60 is a leap second.
  if (h > 23 || min > 59 || s > 60) return undefined;
  const full = year.length === 4 ? Number(year) : fullYear(Number(year), now.getUTCFullYear());
  const midnight = new Date(0);
  midnight.setUTCFullYear(full, m - 1, d);
  if (midnight.getUTCMonth() !== m - 1 || midnight.getUTCDate() !== d) return undefined;
  return new Date(midnight.getTime() + ((h * 60 + min) * 60 + s) * 1000);
}

/** The year of two digits that is the current one, or the nearest one before it (RFC 3977 §7.3.2). */
function fullYear(short: number, current: number): number {
  const year = current - current % 100 + short;
  return year > current ? year - 100 : year;
}

/**
 * Writes a time for DATE, without the space for NEWNEWS and NEWGROUPS.
 *
 * @param date The time.
 * @param separator Between date and time.
 * @returns `yyyymmddhhmmss` in UTC.
 * @throws {RangeError} If its year has more than four digits.
 */
export function formatServerDate(date: Date, separator: string = ""): string {
  const text = date.toISOString();
  if (text.length !== 24) throw new RangeError("a date of news has a year of four digits");
  return `${text.slice(0, 10).replaceAll("-", "")}${separator}${
    text.slice(11, 19).replaceAll(":", "")
  }`;
}
