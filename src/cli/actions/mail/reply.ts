/**
 * `netwright mail reply`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { ReplyPlan } from "../../commands/mail/reply.ts";
import { composeMessage, createReply, type MessageDraft, recipientsOf } from "../../../mime/mod.ts";
import { escapeControls, UsageError } from "../../../net/mod.ts";
import { readAnswered } from "../../mail/answer.ts";
import { addressesOf, writeMessage, writerOf } from "../../mail/draft.ts";

/** The command, in the sandbox. */
export const action: Action<ReplyPlan> = {
  async run({ all, own, quote, ...answered }, context) {
    const from = writerOf(answered.draft);
    const addresses = addressesOf(answered.draft);
    const { message, quoted, draft } = await readAnswered(answered, context);
    const reply = createReply(message, {
      from,
      own,
      all,
      text: draft.text,
      quote,
      quoted,
    });
    const { leftOut, ...answer } = reply;
    for (const address of context.quiet ? [] : leftOut) {
      await context.stderr.line(
        `left out: ${escapeControls(address, { maxLength: 200 })}: no address`,
      );
    }
    const whole: MessageDraft = {
      ...draft,
      ...answer,
      subject: draft.subject ?? reply.subject,
      to: [...reply.to ?? [], ...addresses.to],
      cc: [...reply.cc ?? [], ...addresses.cc],
    };
    if (recipientsOf(whole).length === 0) {
      throw new UsageError("the message has no address for a reply: use --to");
    }
    await writeMessage(composeMessage(whole), context);
  },
};
