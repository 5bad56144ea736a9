/**
 * `netwright news read`: reads news at the terminal, or prints an article (8.5 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import {
  ATTACHMENT_OPTIONS,
  attachmentCapabilities,
  planAttachments,
} from "../../mail/attachment_options.ts";
import { planMailServer } from "../../mail/mail_server.ts";
import { NEWS_OPTIONS, planNews, withGroup } from "../../news/options.ts";
import type { ReadPlan } from "../../news/plans.ts";

/** Articles that are listed. */
const DEFAULT_LAST = 500;

/** The command. */
export const command: Command<ReadPlan> = {
  name: "news read",
  summary: "read news at the terminal, and reply",
  operands: "URL [GROUP] [ARTICLE…]",
  count: { min: 1, max: Infinity },
  examples: [
    "news read nntp://news.a.b/local.test --newsrc .newsrc --from ann@a.b",
    "news read nntp://news.example.org '<1@a.b>' --raw > article.eml",
  ],
  details:
    "ARTICLE is a number or a message ID: it is printed as text, and its attachments are saved with\n" +
    "--attachments. Without one, threads are listed and read: h lists the keys.",
  options: {
    newsrc: { value: "FILE", help: "keep what you have read, as newsreaders do" },
    all: { help: "list also what you have read" },
    last: { value: "N", help: `list the newest so many (default ${DEFAULT_LAST})` },
    from: { value: "ADDRESS", help: "who you are, for replies" },
    smtp: { value: "URL", rare: true, help: "the server for replies by mail" },
    raw: { rare: true, help: "print the article undecoded" },
    ...ATTACHMENT_OPTIONS,
    ...NEWS_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...words] = args.operands;
    const { server: named, needs } = await planNews(args, host, url);
    const isArticle = (word: string) => /^\d{1,16}$/.test(word) || /^<[!-~]+>$/.test(word);
    const hasGroup = named.group === undefined && words.length > 0 && !isArticle(words[0]!);
    const [group] = hasGroup ? words.splice(0, 1) : [];
    const server = withGroup(named, group);
    const articles = [...server.article === undefined ? [] : [server.article], ...words];
    const wrong = articles.find((word) => !isArticle(word));
    if (wrong !== undefined) {
      throw new UsageError(`${JSON.stringify(wrong)} is neither a number nor a message ID`);
    }
    const needsGroup = articles.length === 0 || articles.some((word) => !word.startsWith("<"));
    if (needsGroup && server.group === undefined) throw new UsageError("GROUP is missing");
    for (const name of ["newsrc", "all", "last", "from", "smtp"]) {
      if (articles.length > 0 && args.has(name)) {
        throw new UsageError(`--${name} is for reading at the terminal, without ARTICLE`);
      }
    }
    if (args.has("raw") && articles.length === 0) throw new UsageError("--raw requires ARTICLE");
    if (args.has("smtp") && !args.has("from")) throw new UsageError("--smtp requires --from");
    const { mail, needs: mailNeeds } = await planMailServer(args, host, args.value("smtp"));
    const newsrc = args.value("newsrc");
    const attachments = planAttachments(args);
    // It is replaced as a whole: a file beside it is written first.
    return {
      server,
      needs: [
        mailNeeds,
        attachmentCapabilities(attachments),
        newsrc === undefined
          ? {}
          : { read: [newsrc, folderOf(newsrc)], write: [newsrc, folderOf(newsrc)] },
      ].reduce((all, one) => union(all, one), needs),
      articles,
      raw: args.has("raw"),
      newsrc,
      all: args.has("all"),
      last: args.integer("last", { min: 1, fallback: DEFAULT_LAST }),
      from: args.value("from"),
      mail,
      ...attachments,
    };
  },
  capabilities: ({ needs }) => needs,
};

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1) || ".";
}
