/**
 * Timestamps of syslog messages: RFC 5424 §6.2.3, RFC 3164 §4.1.2, and those that devices write instead.
 *
 * @module
 */

/** A timestamp at the beginning of a text. */
export interface FoundTimestamp {
  /** The time. */
  readonly time: Date;
  /** The timestamp as written. */
  readonly written: string;
  /** Number of characters that it takes. */
  readonly length: number;
}

/** How far a sender's clock may be ahead, in milliseconds. */
const MAX_AHEAD_MS = 7 * 24 * 3600 * 1000;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const TIME = String.raw`(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?`;
const ZONE = String.raw`(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})\b)?`;
/**
 * Names of zones, before a colon or a year: elsewhere it is a host. They are passed over, for they cannot be told apart: `CST` is on three
 * continents.
 */
const NAMED =
  "(?: (?:[ACEMNP][SD]T|AK[SD]T|HST|BST|WES?T|CES?T|EES?T|MSK|SGT|[JK]ST|HKT|A[CEW][SD]T|NZ[SD]T|" +
  "SAST|BRT|ART|IST|PKT|ICT|WIB|DST|[ECMP]T)(?= ?:| \\d{4} ))?";

/** `2003-10-11T22:14:15.003Z`, `2021-05-05 01:23:45,678`. */
const ISO = new RegExp(String.raw`(\d{4})-(\d{2})-(\d{2})[T ]${TIME}${ZONE}`, "y");
/** `Oct 11 22:14:15`, `Oct 11 2026 22:14:15`, `Oct 11 22:14:15 UTC 2026`, `Mon Oct 11 …`. */
const MONTH_FIRST = new RegExp(
  String
    .raw`(?:[A-Z][a-z]{2},? )?([A-Z][a-z]{2}) {1,2}(\d{1,2}),?(?: (\d{4}))? ${TIME}${ZONE}${NAMED}(?: (\d{4})\b(?!\.))?`,
  "y",
);
/** `1990 Oct 22 10:52:01`. */
const YEAR_FIRST = new RegExp(
  String.raw`(\d{4}) ([A-Z][a-z]{2}) {1,2}(\d{1,2}) ${TIME}${ZONE}${NAMED}`,
  "y",
);
/** `11 Oct 2026 22:14:15`, `11 Oct 22:14:15`. */
const DAY_FIRST = new RegExp(
  String.raw`(\d{1,2}) ([A-Z][a-z]{2})(?: (\d{4}))? ${TIME}${ZONE}`,
  "y",
);
/** Seconds since 1970, such as `1563249630.774247467`. */
const EPOCH = /(\d{10})(?:\.(\d{1,9}))?(?= )/y;

/**
 * Finds a timestamp.
 *
 * @param text The text.
 * @param at Where it begins.
 * @param now The time now: a timestamp without a year is of the last year in which it is not more than a week ahead.
 * @returns The timestamp; undefined if there is none, or none that is possible.
 */
export function findTimestamp(text: string, at: number, now: Date): FoundTimestamp | undefined {
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  let found = match(ISO);
  if (found !== null) {
    const [written, year, month, day, ...time] = found;
    return made(written, Number(year), Number(month) - 1, Number(day), time, now);
  }
  found = match(MONTH_FIRST);
  if (found !== null) {
    const [written, month = "", day, before, ...rest] = found;
    const year = before ?? rest.at(5);
    return made(written, numberOf(year), monthOf(month), Number(day), rest, now);
  }
  found = match(YEAR_FIRST);
  if (found !== null) {
    const [written, year, month = "", day, ...time] = found;
    return made(written, Number(year), monthOf(month), Number(day), time, now);
  }
  found = match(DAY_FIRST);
  if (found !== null) {
    const [written, day, month = "", year, ...time] = found;
    return made(written, numberOf(year), monthOf(month), Number(day), time, now);
  }
  found = match(EPOCH);
  if (found === null) return undefined;
  const [written, seconds, fraction = "0"] = found;
  const time = new Date(Number(seconds) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000));
  return { time, written, length: written.length };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.toLowerCase());
}

function made(
  written: string,
  year: number | undefined,
  month: number,
  day: number,
  [hour, minute, second, fraction = "0", zone]: readonly (string | undefined)[],
  now: Date,
): FoundTimestamp | undefined {
  if (month < 0 || month > 11) return undefined;
  const milliseconds = Math.floor(Number(`0.${fraction}`) * 1000);
  const at = (year: number): Date => {
    const parts = [year, month, day, Number(hour), Number(minute), Number(second)] as const;
    // Without a zone it is the receiver's own (RFC 3164 §4.1.2).
    return zone === undefined
      ? new Date(...parts, milliseconds)
      : new Date(Date.UTC(...parts, milliseconds) - offsetOf(zone));
  };
  const time = year === undefined ? latest(at, now) : at(year);
  const isPossible = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60 &&
    day >= 1 && day <= new Date(Date.UTC(time.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return isPossible && !Number.isNaN(time.getTime())
    ? { time, written, length: written.length }
    : undefined;
}

/** The last year in which it is not far in the future: messages are late more often than early. */
function latest(at: (year: number) => Date, now: Date): Date {
  const year = now.getFullYear();
  const limit = now.getTime() + MAX_AHEAD_MS;
  return [year + 1, year].map(at).find((time) => time.getTime() <= limit) ?? at(year - 1);
}

/** Milliseconds that a zone is ahead of UTC. */
function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
