/**
 * `netwright imap move`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { MovePlan } from "../../commands/imap/move.ts";
import { chosen } from "../../imap/chosen.ts";
import { openMailbox } from "../../imap/connect.ts";
import { makeMailbox } from "../../imap/make_mailbox.ts";
import { reportCount } from "../../imap/report.ts";

/** The command, in the sandbox. */
export const action: Action<MovePlan> = {
  async run({ server, criteria, mailbox: name, create, dryRun }, context) {
    const { client, mailbox } = await openMailbox(server, context, dryRun);
    await using _ = client;
    const uids = await chosen(mailbox, criteria);
    if (!dryRun && uids.length > 0) {
      if (create) await makeMailbox(client, name);
      await mailbox.move(uids, name);
    }
    await reportCount("moved", uids.length, dryRun, context);
    await client.logout();
  },
};
