/**
 * Sets of numbers: `1:5,7` (RFC 9051 §9, sequence-set).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";

/** Numbers of messages: one, several, or a text such as `5:*`. */
export type UidSet = number | Iterable<number> | string;

/** Largest number of a message. */
const MAX_UID = 0xffff_ffff;
/** A set as a text. */
const SET = /^(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?(?:,(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?)*$/;

/**
 * Writes a set, in pieces that are short enough for a command.
 *
 * @param uids Numbers in any order, or a text that is checked and kept whole.
 * @param maxLength Maximum length of a piece, in characters; over-long commands break some servers.
 * @returns The pieces, ascending; none for an empty set.
 * @throws {UsageError} If a number cannot be one of a message.
 *
 * @example Ranges
 * ```ts
 * import { formatUidSet } from "./uid_set.ts";
 * if (formatUidSet([3, 1, 2, 9]).join() !== "1:3,9") throw new Error();
 * ```
 */
export function formatUidSet(uids: UidSet, maxLength = 4000): string[] {
  if (typeof uids === "string") {
    if (uids.length > maxLength || !SET.test(uids) || /(?:^|[:,])0+(?:$|[:,])/.test(uids)) {
      throw new UsageError(`${JSON.stringify(uids.slice(0, 80))} is not a set, such as 1:5,7`);
    }
    return [uids];
  }
  const sorted = toSorted(uids);
  const pieces: string[] = [];
  let piece = "";
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end + 1 < sorted.length && sorted[end + 1]! - sorted[end]! <= 1) end++;
    const [first, last] = [sorted[at]!, sorted[end]!];
    const range = first === last ? `${first}` : `${first}:${last}`;
    if (piece !== "" && piece.length + 1 + range.length > maxLength) {
      pieces.push(piece);
      piece = "";
    }
    piece += piece === "" ? range : `,${range}`;
    at = end + 1;
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}

/** Sorts numbers, and checks each. */
function toSorted(uids: number | Iterable<number>): Float64Array {
  const sorted = typeof uids === "number" ? Float64Array.of(uids) : Float64Array.from(uids);
  for (const uid of sorted) {
    if (!Number.isInteger(uid) || uid < 1 || uid > MAX_UID) {
      throw new UsageError(`a message number must be from 1 to ${MAX_UID}, not ${uid}`);
    }
  }
  return sorted.sort();
}

/**
 * Reads a set of numbers, as servers send them: in UIDPLUS, ESEARCH and VANISHED.
 *
 * @param text The set, without `*`.
 * @param maxCount Maximum number of numbers.
 * @returns The numbers in the order of the text; undefined if it is malformed or holds too many.
 */
export function parseUidSet(text: string, maxCount: number): number[] | undefined {
  const numbers: number[] = [];
  for (const range of text.split(",")) {
    const [, first, last = first] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(range) ?? [];
    if (first === undefined) return undefined;
    const [from, to] = [Number(first), Number(last)];
    const [low, high] = from <= to ? [from, to] : [to, from];
    if (high > MAX_UID || numbers.length + high - low + 1 > maxCount) return undefined;
    for (let number = low; number <= high; number++) numbers.push(number);
  }
  return numbers;
}
