/**
 * Sets of messages in commands: places or identifiers (RFC 9051 §9, sequence-set; RFC 5182).
 *
 * @module
 */

import type { Cursor } from "../codec/cursor.ts";
import { firstAtLeast, type MailboxView } from "./view.ts";

/** Most ranges of a set. */
const MAX_RANGES = 20_000;

/** A set in a command: ranges of numbers, where `*` is infinite; or the saved search. */
export type NumberSet = "$" | readonly (readonly [from: number, to: number])[];

/**
 * Reads a set.
 *
 * @param cursor At the set.
 * @returns The set.
 * @throws {ProtocolError} If it is malformed.
 */
export function parseNumberSet(cursor: Cursor): NumberSet {
  const text = cursor.atom();
  return toNumberSet(text) ?? cursor.fail(`${text.slice(0, 50)} is not a set of messages`);
}

/**
 * Reads a set from a word.
 *
 * @param text The word.
 * @returns The set; undefined if it is none.
 */
export function toNumberSet(text: string): NumberSet | undefined {
  if (text === "$") return "$";
  const ranges: [number, number][] = [];
  for (const range of text.split(",", MAX_RANGES + 1)) {
    const [, from, to = from] = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(range) ?? [];
    if (from === undefined) return undefined;
    const [low, high] = [toNumber(from), toNumber(to!)];
    if (low === undefined || high === undefined) return undefined;
    ranges.push(low <= high ? [low, high] : [high, low]);
  }
  return ranges.length > MAX_RANGES ? undefined : ranges;
}

function toNumber(text: string): number | undefined {
  if (text === "*") return Infinity;
  const number = Number(text);
  return number > 0 && number <= 0xffff_ffff ? number : undefined;
}

/**
 * Finds the messages of a set.
 *
 * @param set The set.
 * @param view The mailbox.
 * @param isUid Whether it holds identifiers.
 * @returns Their places from 0, ascending; undefined if it names places that do not exist.
 */
export function placesOf(set: NumberSet, view: MailboxView, isUid: boolean): number[] | undefined {
  const { messages } = view;
  if (set === "$") {
    return [...view.saved].map((uid) => view.placeOf(uid)).filter((place) => place >= 0)
      .sort((one, other) => one - other);
  }
  const last = isUid ? messages.at(-1)?.uid ?? 0 : messages.length;
  const isIn = new Uint8Array(messages.length);
  for (const [from, to] of set) {
    // `*` is the last, even in a range that begins behind it.
    const [low, high] = [
      Math.min(from, to === Infinity ? last : from),
      to === Infinity ? last : to,
    ];
    if (!isUid && (low > messages.length || high > messages.length)) return undefined;
    const start = isUid ? firstAtLeast(messages, low) : low - 1;
    const end = isUid ? firstAtLeast(messages, high + 1) : high;
    if (start >= 0 && start < end) isIn.fill(1, start, end);
  }
  const places: number[] = [];
  for (let place = isIn.indexOf(1); place >= 0; place = isIn.indexOf(1, place + 1)) {
    places.push(place);
  }
  return places;
}
