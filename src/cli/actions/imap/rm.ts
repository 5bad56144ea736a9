/**
 * `netwright imap rm`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { RmPlan } from "../../commands/imap/rm.ts";
import { chosen } from "../../imap/chosen.ts";
import { openMailbox } from "../../imap/connect.ts";
import { reportCount } from "../../imap/report.ts";

/** The command, in the sandbox. */
export const action: Action<RmPlan> = {
  async run({ server, criteria, dryRun }, context) {
    const { client, mailbox } = await openMailbox(server, context, dryRun);
    await using _ = client;
    const uids = await chosen(mailbox, criteria);
    if (!dryRun) await mailbox.delete(uids);
    await reportCount("deleted", uids.length, dryRun, context);
    await client.logout();
  },
};
