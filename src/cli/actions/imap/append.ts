/**
 * `netwright imap append`, inside the sandbox.
 *
 * @module
 */

import { Header } from "../../../mime/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { AppendPlan } from "../../commands/imap/append.ts";
import { collect } from "../../imap/collect.ts";
import { openAccount } from "../../imap/connect.ts";
import { makeMailbox } from "../../imap/make_mailbox.ts";
import { reportCount } from "../../imap/report.ts";
import { openMessages } from "../../mail/input.ts";

/** The command, in the sandbox. */
export const action: Action<AppendPlan> = {
  async run(plan, context) {
    const { server, flags, keepDate, create } = plan;
    const name = server.mailbox ?? "INBOX";
    const { client } = await openAccount(server, context);
    await using _ = client;
    if (create) await makeMailbox(client, name);
    let count = 0;
    for await (const content of messages(plan, context)) {
      const internalDate = keepDate ? Header.parse(headOf(content)).date?.date : undefined;
      const added = await client.append(name, { content, flags, internalDate });
      count++;
      const uid = added?.uids[0];
      if (context.json) await context.stdout.json({ mailbox: name, uid, bytes: content.length });
      else if (uid !== undefined) await context.stdout.line(`${uid}`);
    }
    if (!context.json) await reportCount("added", count, false, context);
    await client.logout();
  },
};

async function* messages(
  { files, mbox }: AppendPlan,
  context: Context,
): AsyncGenerator<Uint8Array> {
  for (const file of files.length === 0 ? ["-"] : files) {
    for await (const { text } of openMessages({ file, mbox }, context)) {
      yield await collect(text);
    }
  }
}

/** The header, up to its end. */
function headOf(content: Uint8Array): Uint8Array {
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) {
    const next = content[at + 1] === 13 ? at + 2 : at + 1;
    if (content[next] === 10) return content.subarray(0, next);
  }
  return content;
}
