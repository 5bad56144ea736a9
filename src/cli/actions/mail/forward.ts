/**
 * `netwright mail forward`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { ForwardPlan } from "../../commands/mail/forward.ts";
import {
  addResentHeaders,
  composeMessage,
  createForward,
  recipientsOf,
} from "../../../mime/mod.ts";
import { UsageError } from "../../../net/mod.ts";
import { readAnswered, readMessage } from "../../mail/answer.ts";
import { addressesOf, writeMessage, writerOf } from "../../mail/draft.ts";

/** The command, in the sandbox. */
export const action: Action<ForwardPlan> = {
  async run({ as, ...answered }, context) {
    const from = writerOf(answered.draft);
    const addresses = addressesOf(answered.draft);
    if (recipientsOf(addresses).length === 0) throw new UsageError("--to is missing");
    const { to } = addresses;
    if (as === "resent") {
      const bytes = await readMessage(answered.file, context);
      return await context.stdout.peerBytes(addResentHeaders(bytes, { from, to }));
    }
    const { bytes, quoted, draft } = await readAnswered(answered, context);
    const forward = createForward(bytes, {
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
};
