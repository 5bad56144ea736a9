/**
 * `netwright mail reply`: writes a reply to a message (7.2 of the book's list).
 *
 * @module
 */

import {
  composeMessage,
  type MessageDraft,
  recipientsOf,
  replyDraft,
  type ReplyOptions,
} from "../../../mime/mod.ts";
import { cleanText, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { answeredCapabilities, readAnswered } from "../../mail/answer.ts";
import { addressesOf, DRAFT_OPTIONS, writeMessage, writerOf } from "../../mail/draft.ts";

/** The command. */
export const command: Command = {
  name: "mail reply",
  summary: "write a reply to a message",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: [
    "mail reply letter.eml --from ann@a.b < answer.txt > reply.eml",
    "mail reply --from ann@a.b --body Yes. --all < letter.eml > reply.eml",
  ],
  details:
    "FILE is the message; else standard input is, and the reply is --body. A message that has only\n" +
    "HTML is quoted as text. --to, --cc and --bcc name more recipients.",
  options: {
    ...DRAFT_OPTIONS,
    body: { value: "TEXT", help: "the reply; else standard input, where FILE is given" },
    all: { help: "to all who got the message" },
    own: { value: "ADDRESS", many: true, rare: true, help: "also yours: it gets no copy" },
    quote: {
      value: "WHERE",
      choices: ["before", "after", "none"],
      help: "where the message is quoted (default before)",
    },
  },
  capabilities: answeredCapabilities,
  async run(args, context) {
    const { message, quoted, draft } = await readAnswered(args, context);
    const addresses = addressesOf(args);
    const reply = replyDraft(message, {
      from: writerOf(args),
      own: args.values("own"),
      all: args.has("all"),
      text: draft.text,
      quote: args.value("quote") as ReplyOptions["quote"],
      quoted,
    });
    const { leftOut, ...answer } = reply;
    for (const address of args.has("quiet") ? [] : leftOut) {
      await context.stderr.line(`left out: ${cleanText(address, { maxLength: 200 })}: no address`);
    }
    const whole: MessageDraft = {
      ...draft,
      ...answer,
      subject: draft.subject ?? reply.subject,
      to: [...reply.to ?? [], ...addresses.to],
      cc: [...reply.cc ?? [], ...addresses.cc],
    };
    if (recipientsOf(whole).length === 0) {
      throw new UsageError("the message does not say whom a reply goes to: --to does");
    }
    await writeMessage(composeMessage(whole), context);
  },
};
