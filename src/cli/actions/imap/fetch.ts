/**
 * `netwright imap fetch`, inside the sandbox.
 *
 * @module
 */

import { NetwrightError } from "../../../net/mod.ts";
import { imapSource } from "../../../programs/fetching/mod.ts";
import { allParts } from "../../../protocols/imap/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { FetchPlan } from "../../commands/imap/fetch.ts";
import { fetchInto } from "../../fetching/fetch.ts";
import { chosen } from "../../imap/chosen.ts";
import { openMailbox } from "../../imap/connect.ts";
import { EXIT } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action: Action<FetchPlan> = {
  async run(plan, context) {
    const { target, server, criteria, deleteAfterMs } = plan;
    if (target.kind === "print") return await print(plan, context);
    const open = async () => {
      const readOnly = deleteAfterMs === undefined;
      const { client, account, mailbox } = await openMailbox(server, context, readOnly);
      try {
        // A message that was named and is not there is a mistake.
        if (criteria.uids !== undefined) await chosen(mailbox, criteria);
      } catch (error) {
        await client[Symbol.asyncDispose]();
        throw error;
      }
      return {
        name: account,
        source: imapSource(client, mailbox, account, criteria),
        [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
      };
    };
    return await fetchInto({ ...plan, command: "imap fetch", open }, context);
  },
};

async function print({ server, criteria, part }: FetchPlan, context: Context): Promise<number> {
  const { client, account, mailbox } = await openMailbox(server, context);
  await using _ = client;
  const uid = Number(criteria.uids);
  if (part === undefined) {
    for await (const piece of mailbox.download(uid)) await context.stdout.peerBytes(piece);
  } else {
    const [message] = await Array.fromAsync(mailbox.fetch(uid, { structure: true }));
    const found = message?.structure === undefined
      ? undefined
      : [...allParts(message.structure)].find(({ path }) => path === part);
    if (found === undefined) {
      throw new NetwrightError(`message ${uid} has no part ${part}`, {
        operation: "fetch a part",
        peer: account,
      });
    }
    for await (const piece of mailbox.downloadPart(uid, found)) {
      await context.stdout.peerBytes(piece);
    }
  }
  await client.logout();
  return EXIT.done;
}
