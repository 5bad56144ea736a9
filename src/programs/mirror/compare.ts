/**
 * Whether a file is the same on both sides.
 *
 * @module
 */

import type { MirrorEntry, TimePrecision } from "./side.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How much later than it is listed a file may have been changed. */
const SPAN_MS: Readonly<Record<TimePrecision, number>> = {
  second: SECOND_MS,
  minute: MINUTE_MS,
  day: 24 * HOUR_MS,
};

/** The result: "unsure" if only exact times can decide. */
export type Comparison = "same" | "size" | "time" | "unsure";

/**
 * Compares a file on both sides by size and time.
 *
 * @param source Here.
 * @param target There.
 * @param keepsTimes Whether the target has the source's times; else it is the same if it is not older.
 * @returns The result.
 */
export function compare(
  source: MirrorEntry,
  target: MirrorEntry,
  keepsTimes: boolean,
): Comparison {
  if (source.size !== undefined && target.size !== undefined && source.size !== target.size) {
    return "size";
  }
  if (source.modified === undefined || target.modified === undefined) return "unsure";
  const [from, to] = [spanOf(source), spanOf(target)];
  // Both may be the same moment, or the target a later one where times are not kept.
  const overlap = from.begin < to.end && (!keepsTimes || to.begin < from.end);
  if (overlap) return "same";
  return from.isExact && to.isExact ? "time" : "unsure";
}

/** The moments that a listed time may mean. */
function spanOf({ modified, precision = "second" }: MirrorEntry): {
  readonly begin: number;
  readonly end: number;
  readonly isExact: boolean;
} {
  const span = SPAN_MS[precision];
  // Whole seconds are compared; summer time moves the days of a listing for people by an hour.
  const begin = Math.floor(modified!.getTime() / SECOND_MS) * SECOND_MS;
  const slack = precision === "day" ? HOUR_MS : 0;
  return { begin: begin - slack, end: begin + span + slack, isExact: precision === "second" };
}
