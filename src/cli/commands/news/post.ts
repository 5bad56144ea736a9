/**
 * `netwright news post`: posts an article (8.5 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import {
  DRAFT_OPTIONS,
  draftCapabilities,
  type DraftPlan,
  inputCapabilities,
  planDraft,
  requireWriter,
} from "../../mail/options.ts";
import { NEWS_OPTIONS, type NewsPlan, planNews } from "../../news/options.ts";

/** The kind of article. */
export type PostKind = "new" | "follow" | "cancel" | "ready";

/** The server and the article. */
export interface PostPlan {
  /** The server. */
  readonly server: NewsPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** The kind of article. */
  readonly kind: PostKind;
  /** Where it is posted; where the article that it follows up says, if there are none. */
  readonly groups: readonly string[];
  /** The article that it follows up or cancels. */
  readonly reference: string | undefined;
  /** The file of an article that is ready. */
  readonly message: string | undefined;
  /** The article as the command line describes it. */
  readonly draft: DraftPlan;
  /** Where replies go. */
  readonly followupTo: string | undefined;
  /** Whether it is printed instead. */
  readonly print: boolean;
}

/** Options of a message that an article has no use for. */
const MAIL_ONLY = ["to", "cc", "bcc"];

/** The command. */
export const command: Command<PostPlan> = {
  name: "news post",
  summary: "post an article, a reply or a cancellation",
  operands: "URL [GROUP…]",
  count: { min: 1, max: Infinity },
  examples: [
    "news post nntp://n.a.b local.test --from ann@a.b --subject Hi < text",
    "news post nntp://n.a.b --follow '<1@a.b>' --from ann@a.b --body Yes.",
  ],
  details:
    "A reply quotes the article and goes to its groups, or those of its Followup-To. Only an author can\n" +
    "cancel an article, as far as the server knows.",
  options: {
    ...Object.fromEntries(
      Object.entries(DRAFT_OPTIONS).filter(([name]) => !MAIL_ONLY.includes(name)).map(
        ([name, spec]) => [name, name === "attach" ? { ...spec, rare: true } : spec],
      ),
    ),
    follow: { value: "ID", help: "reply to this article: its message ID, or its number" },
    cancel: { value: "ID", help: "remove this article of yours" },
    message: { value: "FILE", short: "m", help: "an article that is ready; - is standard input" },
    "followup-to": { value: "GROUP", rare: true, help: "where replies go; poster: by mail" },
    eml: { rare: true, help: "print the article instead of posting it" },
    ...NEWS_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...groups] = args.operands;
    const { server, needs } = await planNews(args, host, url);
    const kind = kindOf(args);
    const reference = args.value("follow") ?? args.value("cancel");
    const all = server.group === undefined ? groups : [server.group, ...groups];
    if (kind === "new" && all.length === 0) throw new UsageError("GROUP is missing: where to post");
    if (kind === "cancel" && groups.length > 0) throw new UsageError("--cancel takes no GROUP");
    if (kind === "ready" && all.length > 0) {
      throw new UsageError("the article of --message names its groups itself");
    }
    if (reference !== undefined && !/^(?:<[!-~]+>|\d{1,16})$/.test(reference)) {
      throw new UsageError(`${JSON.stringify(reference)} is not a message ID, such as <1@a.b>`);
    }
    if (reference !== undefined && !reference.startsWith("<") && server.group === undefined) {
      throw new UsageError("the number of an article requires a group in the URL");
    }
    if (kind !== "ready") requireWriter(args);
    if (kind === "new" && !args.has("subject")) throw new UsageError("--subject is missing");
    const draft = planDraft(args);
    const message = args.value("message");
    const files = kind === "ready" ? inputCapabilities(message) : draftCapabilities(draft);
    return {
      server,
      needs: union(needs, files),
      kind,
      groups: kind === "follow" ? groups : all,
      reference,
      message,
      draft,
      followupTo: args.value("followup-to"),
      print: args.has("eml"),
    };
  },
  capabilities: ({ needs }) => needs,
};

function kindOf(args: Arguments): PostKind {
  const given = (["follow", "cancel", "message"] as const).filter((name) => args.has(name));
  if (given.length > 1) throw new UsageError(`--${given[0]} and --${given[1]} exclude each other`);
  const [kind = "new"] = given;
  if (kind === "message") {
    for (const name of [...Object.keys(DRAFT_OPTIONS), "followup-to"]) {
      if (args.has(name)) throw new UsageError(`--${name} makes an article, and --message has one`);
    }
    return "ready";
  }
  return kind;
}
