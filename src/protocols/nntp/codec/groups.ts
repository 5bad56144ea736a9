/**
 * Groups in replies and lists (RFC 3977 §6.1.1, §7.6, RFC 6048).
 *
 * @module
 */

import { parseNumber } from "./numbers.ts";

/** A group and the articles that it holds now. */
export interface NewsGroupSummary {
  /** Its name. */
  readonly name: string;
  /** Number of articles; an estimate. */
  readonly count: number;
  /** The low water mark: no article has a lower number. */
  readonly low: number;
  /** The high water mark: no article has a higher number. It is lower than {@link low} in an empty group. */
  readonly high: number;
}

/** Whether articles may be posted to a group: freely, not at all, or after a moderator's approval. */
export type GroupPosting = "yes" | "no" | "moderated";

/** A group in a list. */
export interface ListedGroup {
  /** Its name. */
  readonly name: string;
  /** The low water mark. */
  readonly low: number;
  /** The high water mark; lower than {@link low} in an empty group. */
  readonly high: number;
  /** Number of articles; only `LIST COUNTS` has it. */
  readonly count?: number | undefined;
  /** Whether articles may be posted. */
  readonly posting: GroupPosting;
  /** The status as the server writes it, such as `y`, or `=other.name` of an alias (RFC 6048 §3). */
  readonly status: string;
}

/** When a group was made. */
export interface GroupBirth {
  /** Its name. */
  readonly name: string;
  /** When. */
  readonly created: Date;
  /** Who made it. */
  readonly creator: string;
}

/** A group and its topic. */
export interface GroupDescription {
  /** Its name. */
  readonly name: string;
  /** Its topic; empty if it is not known. */
  readonly description: string;
}

/** Largest time that a `Date` represents, in seconds. */
const MAX_SECONDS = 8.64e12;

/** Splits a line at spaces and tabs. */
function words(line: string): string[] {
  return line.split(/[ \t]+/).filter((word) => word !== "");
}

/**
 * Parses the text of the reply to GROUP: `1234 3000234 3002322 misc.test`.
 *
 * @param text The reply without its code; what follows is ignored.
 * @returns The group; undefined if it is malformed.
 */
export function parseGroupReply(text: string): NewsGroupSummary | undefined {
  const [count, low, high, name] = words(text);
  const numbers = numbersOf(count, low, high);
  return numbers === undefined || name === undefined
    ? undefined
    : { name, count: numbers[0]!, low: numbers[1]!, high: numbers[2]! };
}

/**
 * Parses a line of LIST ACTIVE or NEWGROUPS: `misc.test 3002322 3000234 y`.
 *
 * @param line The line.
 * @returns The group; undefined if it is malformed.
 */
export function parseActiveLine(line: string): ListedGroup | undefined {
  const [name, high, low, status = "y"] = words(line);
  const numbers = numbersOf(low, high);
  return name === undefined || numbers === undefined
    ? undefined
    : { name, low: numbers[0]!, high: numbers[1]!, posting: postingOf(status), status };
}

/**
 * Parses a line of LIST COUNTS: `misc.test 3002322 3000234 1234 y` (RFC 6048 §2.2).
 *
 * @param line The line.
 * @returns The group; undefined if it is malformed.
 */
export function parseCountsLine(line: string): ListedGroup | undefined {
  const [name, high, low, count, status = "y"] = words(line);
  const numbers = numbersOf(low, high, count);
  return name === undefined || numbers === undefined ? undefined : {
    name,
    low: numbers[0]!,
    high: numbers[1]!,
    count: numbers[2]!,
    posting: postingOf(status),
    status,
  };
}

/** Parses numbers; undefined if one is malformed. */
function numbersOf(...texts: readonly (string | undefined)[]): number[] | undefined {
  const numbers: number[] = [];
  for (const text of texts) {
    // Some servers send -1 for a group that is still empty.
    const number = text === "-1" ? 0 : parseNumber(text);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
}

function postingOf(status: string): GroupPosting {
  if (status === "m") return "moderated";
  // Articles for an alias go to another group (RFC 6048 §3); nothing is posted to those of x and j.
  return status === "y" || status.startsWith("=") ? "yes" : "no";
}

/**
 * Parses a line of LIST ACTIVE.TIMES: `misc.test 930445408 <creatme@isc.org>`.
 *
 * @param line The line.
 * @returns When it was made; undefined if it is malformed.
 */
export function parseActiveTimesLine(line: string): GroupBirth | undefined {
  const [name, seconds, ...creator] = words(line);
  const [time] = numbersOf(seconds) ?? [];
  return name === undefined || time === undefined || time > MAX_SECONDS
    ? undefined
    : { name, created: new Date(time * 1000), creator: creator.join(" ") };
}

/**
 * Parses a line of LIST NEWSGROUPS: `misc.test General Usenet testing`.
 *
 * @param line The line.
 * @returns The group; undefined if it is malformed.
 */
export function parseNewsgroupsLine(line: string): GroupDescription | undefined {
  const [, name, description] = /^([^ \t]+)[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
  return name === undefined || description === undefined ? undefined : { name, description };
}

/**
 * Checks whether a text can name a group in a command (RFC 3977 §4.2): servers have names that RFC 5536 forbids.
 *
 * @param text The text.
 * @returns Whether it is one word without the signs of wildmats.
 */
export function isGroupName(text: string): boolean {
  return text.length <= 460 && /^[^\s\p{C},*?[\]\\!][^\s\p{C},*?[\]\\]*$/u.test(text);
}
