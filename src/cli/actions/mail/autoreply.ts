/**
 * `netwright mail autoreply`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { autoreply, composeMessage, splitMessage } from "../../../mime/mod.ts";
import { cleanText, UsageError } from "../../../net/mod.ts";
import { firstInPeriod } from "../../../stores/mod.ts";
import { writeMessage, writerOf } from "../../mail/draft.ts";
import { openInput } from "../../mail/input.ts";
import { readUserText } from "../../mail/user_text.ts";
import { DAY_MS, periodOf } from "../../commands/mail/autoreply.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const from = writerOf(args);
    const { header, rest } = await splitMessage(await openInput(args.operands[0], context));
    // Whoever writes into the pipe is not to find it closed.
    for await (const _ of rest);
    if (header.fields.length === 0) throw new UsageError("there is no message, or no header in it");
    const file = args.value("text");
    const answer = autoreply(header, {
      from,
      own: args.values("own"),
      sender: args.value("sender"),
      subject: args.value("subject"),
      text: file === undefined ? args.value("body")! : await readUserText(file, args),
    });
    const none = async (reason: string) => {
      if (!context.quiet) await context.stderr.line(`no answer: ${cleanText(reason)}`);
    };
    if (answer.draft === undefined) return await none(answer.reason);
    const state = args.value("state");
    const periodMs = periodOf(args);
    // Noted first: rather no answer than two.
    if (state !== undefined && !await firstInPeriod(state, answer.to.toLowerCase(), { periodMs })) {
      return await none(`${answer.to} had one within ${periodMs / DAY_MS} days`);
    }
    await writeMessage(composeMessage(answer.draft), context);
  },
});
