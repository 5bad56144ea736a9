/**
 * `netwright pop fetch`, inside the sandbox.
 *
 * @module
 */

import { fetchPop, type ListedMail } from "../../../programs/fetching/mod.ts";
import {
  FetchJournal,
  FolderDelivery,
  type MailDelivery,
  MaildirDelivery,
  makeWritableFolder,
  MboxDelivery,
} from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import type { FetchPlan, FetchTarget } from "../../commands/pop/fetch.ts";
import { type OpenMailbox, openMailbox } from "../../pop/connect.ts";
import { readMail } from "../../pop/reader.ts";
import { EXIT, printErrorLine } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action: Action<FetchPlan> = {
  async run(plan, context) {
    const { target } = plan;
    if (target === undefined) return await readMail(plan.server, plan.reader, context);
    if (target.kind === "print") return await print(plan, context);
    if (target.kind !== "mbox") await makeWritableFolder(target.path);
    // Another run must not begin before this one has ended, also on the server.
    using journal = await FetchJournal.open(
      target.kind === "mbox"
        ? `${target.path}.netwright-fetched`
        : `${target.path}/netwright-fetched`,
    );
    const mailbox = await openMailbox(plan.server, context);
    await using _ = mailbox.client;
    return await fetchInto(mailbox, target, journal, plan, context);
  },
};

async function print({ server, ranges }: FetchPlan, context: Context): Promise<number> {
  const { client } = await openMailbox(server, context);
  await using _ = client;
  for await (const piece of client.retrieve(ranges[0]![0])) {
    await context.stdout.peerBytes(piece);
  }
  await client.quit();
  return EXIT.done;
}

async function fetchInto(
  { client, account }: OpenMailbox,
  target: FetchTarget,
  journal: FetchJournal,
  { deleteAfterMs, maxBytes, limit }: FetchPlan,
  context: Context,
): Promise<number> {
  using progress = new Progress(context, { label: account, unit: "messages", hasResults: false });
  const { delivered, known, skipped, deleted, refusals } = await fetchPop(client, {
    account,
    deleteAfterMs,
    maxBytes,
    maxMessages: limit,
    journal,
    openDelivery: (keys) => openDelivery(target, keys),
    async onDelivered({ number, bytes, key }, path) {
      progress.add(1);
      const uid = key.slice(account.length + 1);
      if (context.json) await context.stdout.json({ number, uid, bytes, file: path });
    },
    onSkipped: ({ number }: ListedMail, reason) =>
      printErrorLine(`message ${number}: ${reason}`, "pop fetch", context.stderr),
  });
  if (!context.quiet) {
    const deletion = deleteAfterMs === undefined ? "" : `, ${deleted} deleted`;
    await context.stderr.line(`${delivered} fetched, ${known} known${deletion}`);
  }
  for (const { reason } of refusals) await printErrorLine(reason, "pop fetch", context.stderr);
  return skipped + refusals.length === 0 ? EXIT.done : EXIT.partly;
}

function openDelivery(
  { kind, path }: FetchTarget,
  keys: readonly string[],
): Promise<MailDelivery> {
  if (kind === "maildir") return MaildirDelivery.open(path, keys);
  return kind === "mbox" ? MboxDelivery.open(path) : FolderDelivery.open(path, keys);
}
