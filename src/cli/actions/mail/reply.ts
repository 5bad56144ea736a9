/**
 * `netwright mail reply`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import {
  composeMessage,
  type MessageDraft,
  recipientsOf,
  replyDraft,
  type ReplyOptions,
} from "../../../mime/mod.ts";
import { cleanText, UsageError } from "../../../net/mod.ts";
import { readAnswered } from "../../mail/answer.ts";
import { addressesOf, writeMessage, writerOf } from "../../mail/draft.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const from = writerOf(args);
    const addresses = addressesOf(args);
    const { message, quoted, draft } = await readAnswered(args, context);
    const reply = replyDraft(message, {
      from,
      own: args.values("own"),
      all: args.has("all"),
      text: draft.text,
      quote: args.value("quote") as ReplyOptions["quote"],
      quoted,
    });
    const { leftOut, ...answer } = reply;
    for (const address of context.quiet ? [] : leftOut) {
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
});
