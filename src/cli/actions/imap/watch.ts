/**
 * `netwright imap watch`, inside the sandbox.
 *
 * @module
 */

import { mailboxesOf } from "../../../mime/mod.ts";
import { toFileError } from "../../../net/internal.ts";
import { NetwrightError } from "../../../net/mod.ts";
import { type WatchedChange, watchMailbox } from "../../../protocols/imap/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { WatchPlan } from "../../commands/imap/watch.ts";
import { accountOpener } from "../../imap/connect.ts";
import { Table } from "../../terminal/table.ts";
import { describeFailure, EXIT, printErrorLine } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action: Action<WatchPlan> = {
  async run({ server, count, exec, renewMs }, context) {
    const mailbox = server.mailbox ?? "INBOX";
    const open = accountOpener(server, context);
    const ended = new AbortController();
    const changes = watchMailbox({
      connect: async () => (await open()).client,
      mailbox,
      renewMs,
      signal: AbortSignal.any([context.signal, ended.signal]),
    });
    const headings = ["change", "uid", "from or flags", "subject"];
    const table = new Table(context.stdout, { headings, widths: [7, 6, 28, 0] });
    let reported = 0;
    let failures = 0;
    for await (const change of changes) {
      if (context.signal.aborted || ended.signal.aborted) break;
      if (!await report(change, mailbox, context, table)) continue;
      if (exec !== undefined && change.kind === "arrived") {
        const isDone = await runProgram([...exec, mailbox, `${change.message.uid}`], context);
        if (!isDone) failures++;
      }
      if (++reported === count) ended.abort();
    }
    await table.end();
    context.signal.throwIfAborted();
    return failures === 0 ? EXIT.done : EXIT.partly;
  },
};

/** Prints a change; false for what concerns the connection only. */
async function report(
  change: WatchedChange,
  mailbox: string,
  context: Context,
  table: Table,
): Promise<boolean> {
  const { stdout, stderr, json, quiet } = context;
  switch (change.kind) {
    case "connected":
      if (!quiet) await stderr.line(`watching ${mailbox}: ${change.exists} messages`);
      return false;
    case "disconnected": {
      const { error, retryMs } = change;
      const text = `${describeFailure(error)}; next attempt in ${retryMs / 1000} s`;
      await printErrorLine(text, "imap watch", stderr);
      return false;
    }
    case "renumbered":
      if (json) await stdout.json({ change: "renumbered", mailbox });
      await printErrorLine(
        `${mailbox} was made anew: its messages count as known`,
        "imap watch",
        stderr,
      );
      return false;
    case "arrived": {
      const { uid, flags, envelope } = change.message;
      const [sender] = mailboxesOf(envelope?.from ?? []);
      const [from, subject] = [sender?.address ?? "", envelope?.subject ?? ""];
      if (json) await stdout.json({ change: "arrived", mailbox, uid, flags, from, subject });
      else await table.row("arrived", uid, from, subject);
      return true;
    }
    case "flags":
      if (json) {
        const { uid, flags } = change;
        await stdout.json({ change: "flags", mailbox, uid, flags });
      } else await table.row("flags", change.uid, change.flags.join(" "), "");
      return true;
    case "removed":
      if (json) await stdout.json({ change: "removed", mailbox, uid: change.uid });
      else await table.row("removed", change.uid, "", "");
      return true;
  }
}

/** Runs a program to its end; false if it fails, which is reported. */
async function runProgram(words: readonly string[], context: Context): Promise<boolean> {
  const [program = "", ...args] = words;
  let status: Deno.CommandStatus;
  try {
    const child = new Deno.Command(program, { args, stdin: "null", stdout: "inherit" }).spawn();
    status = await child.status;
  } catch (error) {
    const failure = toFileError(error, { operation: "run", peer: program });
    if (!(failure instanceof NetwrightError)) throw failure;
    await printErrorLine(describeFailure(failure), "imap watch", context.stderr);
    return false;
  }
  if (status.success) return true;
  await printErrorLine(`${program}: status ${status.code}`, "imap watch", context.stderr);
  return false;
}
