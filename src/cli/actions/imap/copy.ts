/**
 * `netwright imap copy`, inside the sandbox.
 *
 * @module
 */

import type { ImapClient, ImapMailbox } from "../../../protocols/imap/mod.ts";
import type { Action } from "../../command/context.ts";
import type { CopyPlan } from "../../commands/imap/copy.ts";
import { chosen } from "../../imap/chosen.ts";
import { collect } from "../../imap/collect.ts";
import { openAccount, openMailbox } from "../../imap/connect.ts";
import { makeMailbox } from "../../imap/make_mailbox.ts";
import { reportCount } from "../../imap/report.ts";

/** Size of messages that are on their way at once, in bytes. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** The command, in the sandbox. */
export const action: Action<CopyPlan> = {
  async run({ server, criteria, target, mailbox: name, create, dryRun }, context) {
    const { client, mailbox } = await openMailbox(server, context);
    await using _ = client;
    const uids = await chosen(mailbox, criteria);
    if (target === undefined) {
      if (!dryRun && uids.length > 0) {
        if (create) await makeMailbox(client, name);
        await mailbox.copy(uids, name);
      }
    } else {
      const { client: other } = await openAccount(target, context);
      await using _ = other;
      if (!dryRun && uids.length > 0) {
        if (create) await makeMailbox(other, name);
        await copyBetween(mailbox, uids, other, name);
      }
      await other.logout();
    }
    await reportCount("copied", uids.length, dryRun, context);
    await client.logout();
  },
};

/** Sends messages to another server; several are on their way at once. */
async function copyBetween(
  mailbox: ImapMailbox,
  uids: readonly number[],
  other: ImapClient,
  name: string,
): Promise<void> {
  const running: { readonly bytes: number; readonly sent: Promise<unknown> }[] = [];
  let waiting = 0;
  const finishOne = async (): Promise<void> => {
    const { bytes, sent } = running.shift()!;
    waiting -= bytes;
    await sent;
  };
  for await (const { flags, internalDate, text } of mailbox.texts(uids)) {
    const content = await collect(text);
    while (running.length > 0 && waiting + content.length > WINDOW_BYTES) await finishOne();
    const lasting = flags.filter((flag) => flag.toLowerCase() !== "\\recent");
    const sent = other.append(name, { content, flags: lasting, internalDate });
    // Its error is thrown in its turn.
    sent.catch(() => {});
    running.push({ bytes: content.length, sent });
    waiting += content.length;
  }
  while (running.length > 0) await finishOne();
}
