/**
 * `netwright news list`: the articles of a group (8.5 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import {
  type ArticleChoice,
  CHOICE_OPTIONS,
  choiceCapabilities,
  planChoice,
} from "../../news/choice.ts";
import { NEWS_OPTIONS, type NewsPlan, planNews, withGroup } from "../../news/options.ts";

/** The group, and which of its articles. */
export interface ListPlan {
  /** The server, with the group. */
  readonly server: NewsPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Which articles. */
  readonly choice: ArticleChoice;
  /** Whether replies are shown below the articles that they follow up. */
  readonly threads: boolean;
}

/** The command. */
export const command: Command<ListPlan> = {
  name: "news list",
  summary: "list the articles of a newsgroup",
  operands: "URL [GROUP]",
  count: { min: 1, max: 2 },
  examples: [
    "news list nntp://news.example.org/comp.lang.perl.misc --last 20",
    "news list nntp://news.example.org local.test --threads --since 7d",
  ],
  details:
    "Prints number, lines, date, author and subject. Texts are compared in any case. Exit status 4: the\n" +
    "server sent lines that cannot be understood.",
  options: {
    threads: { help: "replies below the articles that they follow up" },
    ...CHOICE_OPTIONS,
    ...NEWS_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", group] = args.operands;
    const { server, needs } = await planNews(args, host, url);
    const named = withGroup(server, group);
    if (named.group === undefined || named.article !== undefined) {
      throw new UsageError("GROUP is missing: in the URL, or behind it");
    }
    const choice = planChoice(args);
    return {
      server: named,
      needs: union(needs, choiceCapabilities(choice)),
      choice,
      threads: args.has("threads"),
    };
  },
  capabilities: ({ needs }) => needs,
};
