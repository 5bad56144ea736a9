/**
 * Overviews of many articles with few round trips.
 *
 * @module
 */

import { toReplyError } from "../../wire/internal.ts";
import { command } from "../../wire/mod.ts";
import { type ArticleRange, formatRange } from "../codec/numbers.ts";
import type { OverviewFormat, OverviewRecord } from "../codec/overview.ts";
import { malformedReply, readLists } from "./lines.ts";
import type { NntpSession } from "./session.ts";

/** Requests that are under way at once. */
const WINDOW = 4;

/** The overview of one range. */
export interface RangeOverview {
  /** As it was requested. */
  readonly range: ArticleRange;
  /** Its records; none if the range is empty. */
  readonly records: readonly OverviewRecord[];
}

/**
 * Requests the overviews of ranges; the requests for the next go out before the records of the one before have come.
 *
 * @param session The session, with a group selected.
 * @param ranges Which articles.
 * @param format The fields of the server's overviews.
 * @returns The overviews in this order.
 * @throws {ReplyError} If the server refuses; the session is over then.
 */
export async function* pipelinedOverviews(
  session: NntpSession,
  ranges: Iterable<ArticleRange>,
  format: OverviewFormat,
): AsyncGenerator<RangeOverview> {
  const { channel, capabilities } = session;
  const verb = capabilities.has("OVER") ? "OVER" : "XOVER";
  const waiting = ranges[Symbol.iterator]();
  const requested: ArticleRange[] = [];
  session.assertIdle();
  session.isRetrieving = true;
  try {
    for (let isMore = true; isMore || requested.length > 0;) {
      while (isMore && requested.length < WINDOW) {
        const { value, done } = waiting.next();
        isMore = !done;
        if (done) break;
        await channel.sendWithoutWaiting(command`${verb} ${formatRange(value)}`);
        requested.push(value);
      }
      const [range] = requested;
      if (range === undefined) return;
      const reply = await channel.readReply();
      const records: OverviewRecord[] = [];
      if (reply.code === 224) {
        const lists = readLists(session, "OVER", (line) => format.parse(line));
        let last = range.first - 1;
        for await (const batch of lists) {
          for (const record of batch) {
            // Of another range: a reply too many, and all later ones would be others.
            if (record.number <= last || record.number > (range.last ?? Infinity)) {
              throw malformedReply(session, `${record.number} in ${formatRange(range)}`, "OVER");
            }
            last = record.number;
            records.push(record);
          }
        }
      } else if (reply.code !== 423 && reply.code !== 420) {
        throw toReplyError(reply, "OVER", channel.peer);
      }
      requested.shift();
      yield { range, records };
    }
  } finally {
    session.isRetrieving = false;
    if (requested.length > 0) channel.close();
  }
}
