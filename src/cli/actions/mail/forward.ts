/**
 * `netwright mail forward`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { composeMessage, forwardDraft, recipientsOf, resentMessage } from "../../../mime/mod.ts";
import { UsageError } from "../../../net/mod.ts";
import { readAnswered, readMessage } from "../../mail/answer.ts";
import { addressesOf, writeMessage, writerOf } from "../../mail/draft.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const from = writerOf(args);
    const addresses = addressesOf(args);
    if (recipientsOf(addresses).length === 0) throw new UsageError("--to is missing");
    const { to } = addresses;
    const as = args.value("as");
    if (as === "resent") {
      const bytes = await readMessage(args.operands[0], context);
      return await context.stdout.peerBytes(resentMessage(bytes, { from, to }));
    }
    const { bytes, quoted, draft } = await readAnswered(args, context);
    const forward = forwardDraft(bytes, {
      from,
      to,
      text: draft.text,
      as: as === "text" ? "text" : "attachment",
      quoted,
    });
    const attachments = [...draft.attachments ?? [], ...forward.attachments ?? []];
    const subject = draft.subject ?? forward.subject;
    await writeMessage(composeMessage({ ...draft, ...forward, subject, attachments }), context);
  },
});
