/**
 * The time of day in a zone, as Perl's `localtime` writes it.
 *
 * @module
 */

/**
 * Writes the local time of a zone.
 *
 * @param time When.
 * @param zone A name of IANA's database, such as `Europe/Berlin`; this host's zone if empty.
 * @returns Such as `Wed Nov 25 18:29:20 2026`; undefined if there is no such zone.
 *
 * @example
 * ```ts
 * if (formatLocaltime(new Date(0), "Asia/Tokyo") !== "Thu Jan  1 09:00:00 1970") throw new Error();
 * ```
 */
export function formatLocaltime(time: Date, zone: string): string | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      ...(zone !== "" && { timeZone: zone }),
      ...{ weekday: "short", month: "short", day: "numeric", year: "numeric" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, value]),
  );
  const { weekday, month, day = "", hour, minute, second, year } = parts;
  return `${weekday} ${month} ${day.padStart(2)} ${hour}:${minute}:${second} ${year}`;
}
