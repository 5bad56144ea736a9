/**
 * Overviews of large groups, over several connections.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import type { ArticleRange } from "../codec/numbers.ts";
import type { OverviewRecord } from "../codec/overview.ts";
import type { NntpClient } from "./client.ts";
import type { RangeOverview } from "./overviews.ts";

/** How {@link overviewOverConnections} reads. */
export interface ConnectionsOptions {
  /** Number of connections. @default {4} */
  readonly connections?: number | undefined;
  /** Articles of one request. @default {2000} */
  readonly articlesAtOnce?: number | undefined;
}

/**
 * Reads the overview of a large group over several connections.
 *
 * @param connect Opens a connection.
 * @param group The group.
 * @param range Which numbers; all if absent.
 * @param options How many connections, and how many articles a request.
 * @returns The records, in the order of their numbers.
 * @throws {ReplyError} If a server refuses the group.
 *
 * @example The subjects of a group
 * ```ts
 * import { NntpClient, overviewOverConnections } from "@netwright/netwright/nntp";
 * async function subjects(url: string, group: string): Promise<string[]> {
 *   const found: string[] = [];
 *   const records = overviewOverConnections(() => NntpClient.connect(url), group);
 *   for await (const { subject } of records) found.push(subject);
 *   return found;
 * }
 * ```
 */
export async function* overviewOverConnections(
  connect: () => Promise<NntpClient>,
  group: string,
  range?: ArticleRange,
  { connections = 4, articlesAtOnce = 2000 }: ConnectionsOptions = {},
): AsyncGenerator<OverviewRecord> {
  for (const count of [connections, articlesAtOnce]) {
    if (!(Number.isInteger(count) && count > 0)) throw new UsageError(`${count} is not a count`);
  }
  const clients: NntpClient[] = [];
  try {
    const open = async (): Promise<NntpClient> => {
      const client = await connect();
      clients.push(client);
      return client;
    };
    const first = await open();
    const { low, high } = await first.selectGroup(group);
    const [from, to] = [Math.max(low, range?.first ?? low), Math.min(high, range?.last ?? high)];
    const ranges = Math.max(0, Math.ceil((to - from + 1) / articlesAtOnce));
    const rangeAt = (index: number): ArticleRange => {
      const start = from + index * articlesAtOnce;
      return { first: start, last: Math.min(to, start + articlesAtOnce - 1) };
    };
    const count = Math.min(connections, ranges);
    const opened = await Promise.allSettled(
      Array.from({ length: Math.max(0, count - 1) }, async () => {
        const client = await open();
        await client.selectGroup(group);
        return client;
      }),
    );
    const others = opened.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    // Each connection takes every so many-th range, so that the order is that of turns; one after the other, for a server
    // may pretend to have any number of articles.
    const every = function* (place: number): Generator<ArticleRange> {
      for (let index = place; index < ranges; index += count) yield rangeAt(index);
    };
    const readers = [first, ...others].map((client, place) =>
      client.overviews(count === 0 ? [] : every(place))
    );
    // All of them read ahead by one range.
    const next = readers.map((reader) => reader.next());
    for (const promise of next) promise.catch(() => {});
    for (let index = 0; index < ranges; index++) {
      const place = index % count;
      const { value } = await next[place]!;
      next[place] = readers[place]!.next();
      next[place]!.catch(() => {});
      yield* (value as RangeOverview).records;
    }
    await Promise.all(next);
    for (const client of clients) await client.quit();
  } finally {
    for (const client of clients) await client[Symbol.asyncDispose]();
  }
}
