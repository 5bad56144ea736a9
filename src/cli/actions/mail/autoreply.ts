/**
 * `netwright mail autoreply`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import { DAY_MS } from "../../commands/mail/autoreply.ts";
import type { AutoreplyPlan } from "../../commands/mail/autoreply.ts";
import { splitMessage } from "../../../mime/internal.ts";
import { autoreply, composeMessage } from "../../../mime/mod.ts";
import { escapeControls, UsageError } from "../../../net/mod.ts";
import { recordOncePer } from "../../../stores/internal.ts";
import { wholeLines, writeMessage, writerOf } from "../../mail/draft.ts";
import { openInput } from "../../mail/input.ts";
import { readUserText } from "../../mail/user_text.ts";

/** The command, in the sandbox. */
export const action: Action<AutoreplyPlan> = {
  async run(plan, context) {
    const from = writerOf(plan);
    const { own, sender, subject, body, charset, state, periodMs, text: file } = plan;
    const { header, rest } = await splitMessage(await openInput(plan.file, context));
    // The writer of the pipe must not find it closed.
    for await (const _ of rest);
    if (header.fields.length === 0) throw new UsageError("there is no message, or no header in it");
    const answer = autoreply(header, {
      from,
      own,
      sender,
      subject,
      text: file === undefined ? wholeLines(body!) : await readUserText(file, charset),
    });
    const none = async (reason: string) => {
      if (!context.quiet) await context.stderr.line(`no answer: ${escapeControls(reason)}`);
    };
    if (answer.draft === undefined) return await none(answer.reason);
    // Noted first: rather no answer than two.
    if (state !== undefined && !await recordOncePer(state, answer.to.toLowerCase(), { periodMs })) {
      return await none(`${answer.to} had one within ${periodMs / DAY_MS} days`);
    }
    await writeMessage(composeMessage(answer.draft), context);
  },
};
