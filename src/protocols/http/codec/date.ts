/**
 * Dates of HTTP (RFC 9110 §5.6.7).
 *
 * @module
 */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Sun, 06 Nov 1994 08:49:37 GMT`: the form that is written. */
const IMF = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
/** `Sunday, 06-Nov-94 08:49:37 GMT`: obsolete, and must be understood. */
const RFC_850 = /^\w{6,9}, (\d\d)-(\w{3})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
/** `Sun Nov  6 08:49:37 1994`: obsolete, and must be understood. */
const ASCTIME = /^\w{3} (\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/**
 * Writes a date.
 *
 * @param date A date.
 * @returns Its seconds in the form of RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`.
 */
export function formatHttpDate(date: Date): string {
  return date.toUTCString();
}

/**
 * Reads a date in any of the three forms.
 *
 * @param text The value of a field.
 * @param now Which century a year of two digits is of: none lies more than 50 years ahead.
 * @returns The date, or undefined if it is none: such fields are ignored.
 *
 * @example All three forms of RFC 9110
 * ```ts
 * import { parseHttpDate } from "./date.ts";
 * const date = parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT");
 * if (date?.toISOString() !== "1994-11-06T08:49:37.000Z") throw new Error("another day");
 * ```
 */
export function parseHttpDate(text: string, now: Date = new Date()): Date | undefined {
  const imf = IMF.exec(text);
  if (imf !== null) {
    const [, day, month, year, ...time] = imf;
    return make(Number(year), month, day, time);
  }
  const old = RFC_850.exec(text);
  if (old !== null) {
    const [, day, month, short, ...time] = old;
    const century = now.getUTCFullYear() - now.getUTCFullYear() % 100;
    const year = century + Number(short);
    return make(year > now.getUTCFullYear() + 50 ? year - 100 : year, month, day, time);
  }
  const asctime = ASCTIME.exec(text);
  if (asctime === null) return undefined;
  const [, month, day, hours, minutes, seconds, year] = asctime;
  return make(Number(year), month, day, [hours, minutes, seconds]);
}

function make(
  year: number,
  month: string | undefined,
  day: string | undefined,
  time: readonly (string | undefined)[],
): Date | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number);
  const index = MONTHS.indexOf(month ?? "");
  if (index < 0 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const date = new Date(Date.UTC(year, index, Number(day), hours, minutes, seconds));
  // The 31st of February is not a date.
  return date.getUTCDate() === Number(day) ? date : undefined;
}
