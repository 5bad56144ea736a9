/**
 * The articles that options choose.
 *
 * @module
 */

import type { NntpClient, OverviewRecord } from "../../protocols/nntp/mod.ts";
import type { ArticleChoice } from "./choice.ts";
import { readNewsrc } from "./newsrc.ts";

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
