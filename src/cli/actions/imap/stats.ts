/**
 * `netwright imap stats`, inside the sandbox.
 *
 * @module
 */

import type { ImapClient, MailboxStatus } from "../../../protocols/imap/mod.ts";
import type { Action } from "../../command/context.ts";
import type { StatsPlan } from "../../commands/imap/stats.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { openAccount } from "../../imap/connect.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<StatsPlan> = {
  async run({ servers }, context) {
    const headings = ["account", "mailbox", "messages", "unread", "bytes"];
    const table = new Table(context.stdout, { headings });
    const status = await inTurn(
      servers,
      async (server) => {
        const { client, account } = await openAccount(server, context);
        await using _ = client;
        for (const { name, status } of await mailboxesOf(client, server.mailbox)) {
          const { messages, unseen: unread, size: bytes } = status;
          if (context.json) {
            await context.stdout.json({ account, mailbox: name, messages, unread, bytes });
          } else await table.row(account, name, messages ?? "", unread ?? "", bytes ?? "");
        }
        await client.logout();
      },
      context,
      "imap stats",
    );
    await table.end();
    return status;
  },
};

async function mailboxesOf(
  client: ImapClient,
  mailbox: string | undefined,
): Promise<readonly { readonly name: string; readonly status: MailboxStatus }[]> {
  if (mailbox !== undefined) return [{ name: mailbox, status: await client.status(mailbox) }];
  const list = await client.list({ status: true });
  return list.filter(({ isSelectable }) => isSelectable)
    .map(({ name, status = {} }) => ({ name, status }));
}
