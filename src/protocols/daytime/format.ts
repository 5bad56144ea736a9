/**
 * The format of our server's time of day.
 *
 * @module
 */

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/**
 * Writes a time of day in the first form that RFC 867 proposes: `Weekday, Month Day, Year Time-Zone`.
 *
 * @param date The time.
 * @returns One line without its end, always in UTC.
 *
 * @example The RFC's own day
 * ```ts
 * import { formatDaytime } from "./format.ts";
 * const line = formatDaytime(new Date(Date.UTC(1982, 1, 22, 17, 37, 43)));
 * if (line !== "Monday, February 22, 1982 17:37:43-UTC") throw new Error(line);
 * ```
 */
export function formatDaytime(date: Date): string {
  const clock = date.toISOString().slice(11, 19);
  const day = `${DAYS[date.getUTCDay()]}, ${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}`;
  return `${day}, ${date.getUTCFullYear()} ${clock}-UTC`;
}
