/**
 * `netwright mail reply`: writes a reply to a message (7.2 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import {
  answeredCapabilities,
  type AnsweredPlan,
  DRAFT_OPTIONS,
  planAnswered,
} from "../../mail/options.ts";

/** The message, and how to reply. */
export interface ReplyPlan extends AnsweredPlan {
  /** Whether all who got the message get the answer. */
  readonly all: boolean;
  /** Addresses that are the writer's too. */
  readonly own: readonly string[];
  /** Where the message is quoted. */
  readonly quote: "before" | "after" | "none" | undefined;
}

/** The command. */
export const command: Command<ReplyPlan> = {
  name: "mail reply",
  summary: "write a reply to a message",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: [
    "mail reply letter.eml --from ann@a.b < answer.txt > reply.eml",
    "mail reply --from ann@a.b --body Yes. --all < letter.eml > reply.eml",
  ],
  details:
    "FILE is the message; without it standard input is, and --body is the reply. A message that has only\n" +
    "HTML is quoted as text. --to, --cc and --bcc add recipients.",
  options: {
    ...DRAFT_OPTIONS,
    body: { value: "TEXT", help: "the reply (default: standard input if FILE is given)" },
    all: { help: "reply to all recipients" },
    own: {
      value: "ADDRESS",
      many: true,
      rare: true,
      help: "another address of yours: it gets no copy",
    },
    quote: {
      value: "WHERE",
      choices: ["before", "after", "none"],
      help: "where the message is quoted (default before)",
    },
  },
  plan: (args) => ({
    ...planAnswered(args),
    all: args.has("all"),
    own: args.values("own"),
    quote: args.value("quote") as ReplyPlan["quote"],
  }),
  capabilities: answeredCapabilities,
};
