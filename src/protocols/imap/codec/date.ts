/**
 * Dates of IMAP (RFC 9051 §9, date and date-time).
 *
 * @module
 */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Numbers of months, from 0, by their names in lower case. */
const NUMBERS = new Map(MONTHS.map((name, index) => [name.toLowerCase(), index]));

/**
 * Reads a date with time: `17-Jul-1996 02:44:25 -0700`.
 *
 * @param text The date.
 * @returns The moment; undefined if it is malformed.
 */
export function parseDateTime(text: string): Date | undefined {
  const [, day, month, year, hour, minute, second, sign, zoneHour, zoneMinute] =
    /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text) ?? [];
  const index = NUMBERS.get(month?.toLowerCase() ?? "");
  if (index === undefined || !isDay(Number(year), index, Number(day))) return undefined;
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60 &&
    Number(zoneHour) < 24 && Number(zoneMinute) < 60;
  if (!isTime) return undefined;
  const local = Date.UTC(
    Number(year),
    index,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return new Date(sign === "-" ? local + offset : local - offset);
}

/**
 * Reads a day: `17-Jul-1996`.
 *
 * @param text The day.
 * @returns Its numbers, the month from 1; undefined if there is no such day.
 */
export function parseDay(
  text: string,
): { readonly year: number; readonly month: number; readonly day: number } | undefined {
  const [, day, month, year] = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text) ?? [];
  const index = NUMBERS.get(month?.toLowerCase() ?? "");
  if (index === undefined || !isDay(Number(year), index, Number(day))) return undefined;
  return { year: Number(year), month: index + 1, day: Number(day) };
}

function isDay(year: number, month: number, day: number): boolean {
  return day >= 1 && new Date(Date.UTC(year, month, day)).getUTCMonth() === month;
}

/**
 * Writes a moment: `17-Jul-1996 09:44:25 +0000`.
 *
 * @param date The moment.
 * @returns The text, in UTC.
 */
export function formatDateTime(date: Date): string {
  const [, time] = date.toISOString().split("T");
  return `${formatDate(date).padStart(11, " ")} ${time!.slice(0, 8)} +0000`;
}

/**
 * Writes a day: `17-Jul-1996`.
 *
 * @param date Its day in UTC counts.
 * @returns The text.
 */
export function formatDate(date: Date): string {
  return `${date.getUTCDate()}-${MONTHS[date.getUTCMonth()]}-${
    String(date.getUTCFullYear()).padStart(4, "0")
  }`;
}
