/**
 * Options that choose articles of a group.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { sinceWhen } from "../command/file_choice.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Commands that choose articles have these. */
export const CHOICE_OPTIONS: OptionSpecs = {
  last: { value: "N", help: "only the newest so many" },
  range: { value: "A-B", help: "only these numbers: 7, 7-9 or 7-" },
  since: { value: "TIME", help: "only articles written since: 7d, or 2026-11-01" },
  subject: { value: "TEXT", help: "only articles with this in the subject" },
  author: { value: "TEXT", help: "only articles with this in From" },
  newsrc: { value: "FILE", help: "only what you have not read, by this file" },
};

/** Which articles. */
export interface ArticleChoice {
  /** How many of the newest; all if absent. */
  readonly last: number | undefined;
  /** The first and the last number; all if absent. */
  readonly range: readonly [first: number, last: number | undefined] | undefined;
  /** When they were written at least, in milliseconds since 1970. */
  readonly sinceMs: number | undefined;
  /** Text in the subject. */
  readonly subject: string | undefined;
  /** Text in the author's address. */
  readonly author: string | undefined;
  /** The file of read articles. */
  readonly newsrc: string | undefined;
}

/**
 * Reads which articles are meant.
 *
 * @param args The command line.
 * @returns Which.
 * @throws {UsageError} If an option makes no sense.
 */
export function planChoice(args: Arguments): ArticleChoice {
  return {
    last: args.integer("last", { min: 1, fallback: undefined }),
    range: rangeOf(args.value("range")),
    sinceMs: sinceWhen(args.value("since"), "since")?.getTime(),
    subject: args.value("subject")?.toLowerCase(),
    author: args.value("author")?.toLowerCase(),
    newsrc: args.value("newsrc"),
  };
}

/** Returns the capabilities for choosing articles. */
export function choiceCapabilities({ newsrc }: ArticleChoice): Capabilities {
  return newsrc === undefined ? {} : { read: [newsrc] };
}

function rangeOf(text: string | undefined): ArticleChoice["range"] {
  if (text === undefined) return undefined;
  const [, first, dash, last] = /^(\d{1,15})(?:(-)(\d{1,15})?)?$/.exec(text) ?? [];
  if (first === undefined || (last !== undefined && Number(last) < Number(first))) {
    throw new UsageError("--range takes numbers of articles: 7, 7-9 or 7-");
  }
  if (dash === undefined) return [Number(first), Number(first)];
  return [Number(first), last === undefined ? undefined : Number(last)];
}
