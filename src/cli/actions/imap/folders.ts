/**
 * `netwright imap folders`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { FoldersPlan } from "../../commands/imap/folders.ts";
import { openAccount } from "../../imap/connect.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<FoldersPlan> = {
  async run({ server, pattern, subscribed }, context) {
    const { client } = await openAccount(server, context);
    await using _ = client;
    const table = new Table(context.stdout, { headings: ["mailbox", "use", "attributes"] });
    for (const mailbox of await client.list({ pattern, subscribed })) {
      const { name, specialUse, attributes, delimiter, isSubscribed, isSelectable } = mailbox;
      if (context.json) {
        await context.stdout.json({
          mailbox: name,
          use: specialUse,
          attributes,
          delimiter,
          subscribed: isSubscribed,
          selectable: isSelectable,
        });
      } else await table.row(name, specialUse ?? "", attributes.join(" "));
    }
    await table.end();
    await client.logout();
  },
};
