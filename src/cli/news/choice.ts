/**
 * Options that choose articles of a group.
 *
 * @module
 */

import { parseAge } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { NntpClient, OverviewRecord } from "../../protocols/nntp/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { readNewsrc } from "./newsrc.ts";

/** Commands that choose articles have these. */
export const CHOICE_OPTIONS: OptionSpecs = {
  last: { value: "N", help: "only the newest so many" },
  range: { value: "A-B", help: "only these numbers: 7, 7-9 or 7-" },
  since: { value: "TIME", help: "only articles written since: 7d ago, or 2026-11-01" },
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
  /** The file of what was read. */
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
    sinceMs: sinceOf(args.value("since")),
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

function sinceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const age = parseAge(text);
  if (age !== undefined) return Date.now() - age;
  const time = /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError("--since takes a date such as 2026-11-01, or an age such as 12h or 7d");
}

/**
 * Lists the articles that are meant.
 *
 * @param client The server.
 * @param group The group; it is selected.
 * @param choice Which articles.
 * @returns Their records, in order.
 */
export async function* chosenArticles(
  client: NntpClient,
  group: string,
  choice: ArticleChoice,
): AsyncGenerator<OverviewRecord> {
  const newsrc = await readNewsrc(choice.newsrc);
  const { low, high } = await client.selectGroup(group);
  const isWanted = (record: OverviewRecord): boolean =>
    !newsrc.isRead(group, record.number) && isMatch(record, choice);
  const [from, to = high] = choice.range ?? [low, high];
  const [first, last] = [Math.max(from, low), Math.min(to, high)];
  if (first > last) return;
  if (choice.last === undefined) {
    for await (const record of client.overview({ first, last })) {
      if (isWanted(record)) yield record;
    }
    return;
  }
  // From the end, in growing steps: there may be gaps, and articles that are not meant.
  const found: OverviewRecord[] = [];
  for (let [end, step] = [last, choice.last]; end >= first && found.length < choice.last;) {
    const start = Math.max(first, end - step + 1);
    const records: OverviewRecord[] = [];
    for await (const record of client.overview({ first: start, last: end })) {
      if (isWanted(record)) records.push(record);
    }
    found.unshift(...records);
    end = start - 1;
    step = Math.min(step * 4, 20_000);
  }
  yield* found.slice(-choice.last);
}

function isMatch(record: OverviewRecord, { sinceMs, subject, author }: ArticleChoice): boolean {
  if (subject !== undefined && !record.subject.toLowerCase().includes(subject)) return false;
  if (author !== undefined && !record.author.toLowerCase().includes(author)) return false;
  // One without a date is shown: it cannot be said that it is older.
  return sinceMs === undefined || (record.date?.getTime() ?? Infinity) >= sinceMs;
}
