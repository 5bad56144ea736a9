/**
 * `netwright pop stats`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { StatsPlan } from "../../commands/pop/stats.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { openMailbox } from "../../pop/connect.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<StatsPlan> = {
  async run({ servers }, context) {
    const table = new Table(context.stdout, { headings: ["mailbox", "messages", "bytes"] });
    const status = await inTurn(
      servers,
      async (server) => {
        const { client, account } = await openMailbox(server, context);
        await using _ = client;
        const { messages, bytes } = await client.stat();
        await client.quit();
        if (context.json) await context.stdout.json({ mailbox: account, messages, bytes });
        else await table.row(account, messages, bytes);
      },
      context,
      "pop stats",
    );
    await table.end();
    return status;
  },
};
