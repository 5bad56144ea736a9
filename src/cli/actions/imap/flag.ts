/**
 * `netwright imap flag`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { FlagPlan } from "../../commands/imap/flag.ts";
import { chosen } from "../../imap/chosen.ts";
import { openMailbox } from "../../imap/connect.ts";
import { reportCount } from "../../imap/report.ts";

/** The command, in the sandbox. */
export const action: Action<FlagPlan> = {
  async run({ server, criteria, add, remove, dryRun }, context) {
    const { client, mailbox } = await openMailbox(server, context, dryRun);
    await using _ = client;
    const uids = await chosen(mailbox, criteria);
    if (!dryRun && uids.length > 0) {
      await mailbox.store(uids, {
        ...(add.length > 0 && { add }),
        ...(remove.length > 0 && { remove }),
      });
    }
    await reportCount("changed", uids.length, dryRun, context);
    await client.logout();
  },
};
