/**
 * Numbers and ranges of articles (RFC 3977 §6, §9.8).
 *
 * @module
 */

/** Digits that are read: water marks may be padded with zeros, and some servers count in 64 bits. */
const NUMBER = /^\d{1,20}$/;

/**
 * Parses the number of an article or of articles.
 *
 * @param text Digits.
 * @returns The number; undefined if it is malformed, or 2⁵³ or more, which JavaScript cannot represent.
 */
export function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined || !NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Numbers of articles from one to another, both included. */
export interface ArticleRange {
  /** The first number. */
  readonly first: number;
  /** The last number; all that follow if absent. */
  readonly last?: number | undefined;
}

/**
 * Parses `7`, `7-` or `7-9`.
 *
 * @param text The range.
 * @returns The range; one whose end is before its beginning is empty (RFC 3977 §9.8). Undefined if it is malformed.
 *
 * @example All that follow
 * ```ts
 * import { parseRange } from "./numbers.ts";
 * if (parseRange("7-")?.last !== undefined) throw new Error();
 * ```
 */
export function parseRange(text: string): ArticleRange | undefined {
  const dash = text.indexOf("-");
  const first = parseNumber(dash < 0 ? text : text.slice(0, dash));
  if (first === undefined) return undefined;
  if (dash < 0) return { first, last: first };
  if (dash === text.length - 1) return { first };
  const last = parseNumber(text.slice(dash + 1));
  return last === undefined ? undefined : { first, last };
}

/**
 * Writes a range.
 *
 * @param range The range.
 * @returns `7`, `7-` or `7-9`.
 */
export function formatRange({ first, last }: ArticleRange): string {
  if (last === undefined) return `${first}-`;
  return first === last ? `${first}` : `${first}-${last}`;
}
