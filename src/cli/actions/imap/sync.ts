/**
 * `netwright imap sync`, inside the sandbox.
 *
 * @module
 */

import { syncAccount, type SyncSummary } from "../../../programs/syncing/mod.ts";
import { makeWritableFolder, openMaildir } from "../../../stores/internal.ts";
import { MemoryMail } from "../../../stores/mod.ts";
import type { Action } from "../../command/context.ts";
import type { SyncCommandPlan } from "../../commands/imap/sync.ts";
import { openAccount } from "../../imap/connect.ts";
import { EXIT, printErrorLine } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action: Action<SyncCommandPlan> = {
  async run({ server, maildir, ...rules }, context) {
    const { stdout, stderr, json, quiet } = context;
    const { client, account } = await openAccount(server, context);
    await using _ = client;
    // A dry run makes nothing.
    const isPretended = rules.dryRun && !isFolder(`${maildir}/cur`);
    if (!isPretended) await makeWritableFolder(maildir);
    const local = isPretended ? await new MemoryMail().account("") : await openMaildir(maildir);
    let status: number = EXIT.done;
    using progress = new Progress(context, { label: account, unit: "messages", hasResults: true });
    await syncAccount(client, local, {
      ...rules,
      account,
      memory: `${maildir}/netwright-sync`,
      onProgress: (messages) => progress.add(messages),
      async onDone(mailbox, result) {
        const { held, ...counts } = result;
        if (json) await stdout.json({ mailbox, ...counts, held, dryRun: rules.dryRun });
        else if (!quiet && isWorth(result)) {
          await stdout.line([mailbox, ...wordsOf(result)].join("\t"));
        }
        for (const reason of held) {
          status = EXIT.partly;
          await printErrorLine(reason, mailbox, stderr);
        }
      },
      async onFailed(mailbox, error) {
        status = EXIT.partly;
        await printErrorLine(error.message, mailbox, stderr);
      },
    });
    await client.logout();
    return status;
  },
};

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Whether anything was to do. */
function isWorth(result: SyncSummary): boolean {
  return wordsOf(result).length > 0;
}

function wordsOf(result: SyncSummary): string[] {
  const words: readonly (readonly [number, string])[] = [
    [result.fetched, "fetched"],
    [result.sent, "sent"],
    [result.removedHere, "removed here"],
    [result.removedThere, "removed there"],
    [result.flagged, "flags changed"],
  ];
  return words.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}
