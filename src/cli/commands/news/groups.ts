/**
 * `netwright news groups`: the groups of a news server (8.5 of the book's list).
 *
 * @module
 */

import { parseAge, union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { NEWS_OPTIONS, type NewsPlan, planNews } from "../../news/options.ts";

/** The server, and which groups. */
export interface GroupsPlan {
  /** The server. */
  readonly server: NewsPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Patterns of names; all groups if absent. */
  readonly wildmat: string | undefined;
  /** Only groups that were made since, in milliseconds before now. */
  readonly newSinceMs: number | undefined;
  /** The file of read articles. */
  readonly newsrc: string | undefined;
}

/** The command. */
export const command: Command<GroupsPlan> = {
  name: "news groups",
  summary: "list the groups of a news server",
  operands: "URL [WILDMAT]",
  count: { min: 1, max: 2 },
  examples: [
    "news groups nntp://news.example.org 'comp.lang.*,!comp.lang.c'",
    "news groups nntps://ann@news.example.org --new 30d",
  ],
  details:
    "Prints name, number of articles, status and description. Of the patterns that match a name the last\n" +
    "one counts. Status: n, read-only; m, moderated. With --newsrc, the second number is of unread ones.",
  options: {
    new: { value: "TIME", help: "only groups made in this time, such as 30d" },
    newsrc: { value: "FILE", help: "what you have read, as newsreaders keep it" },
    ...NEWS_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", wildmat] = args.operands;
    const { server, needs } = await planNews(args, host, url);
    if (server.article !== undefined) throw new UsageError("the URL names an article");
    if (server.group !== undefined && wildmat !== undefined) {
      throw new UsageError("the URL names a group already");
    }
    const text = args.value("new");
    const newSinceMs = text === undefined ? undefined : parseAge(text);
    if (text !== undefined && newSinceMs === undefined) {
      throw new UsageError("--new takes an age, such as 12h or 30d");
    }
    const newsrc = args.value("newsrc");
    return {
      server,
      needs: union(needs, newsrc === undefined ? {} : { read: [newsrc] }),
      wildmat: wildmat ?? server.group,
      newSinceMs,
      newsrc,
    };
  },
  capabilities: ({ needs }) => needs,
};
