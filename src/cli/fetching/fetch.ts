/**
 * Fetching mail into a mailbox of this host, inside the sandbox.
 *
 * @module
 */

import { fetchMail, type MailSource } from "../../programs/fetching/mod.ts";
import {
  FetchJournal,
  FolderDelivery,
  type MailDelivery,
  MaildirDelivery,
  makeWritableFolder,
  MboxDelivery,
} from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import { EXIT, printErrorLine } from "../terminal/failure.ts";
import { Progress } from "../terminal/progress.ts";
import type { FetchRules, FetchTarget } from "./options.ts";

/** A mailbox on a server. */
export interface OpenSource extends AsyncDisposable {
  /** Its name for people, such as `ann@mail.example:110`. */
  readonly name: string;
  /** Its messages. */
  readonly source: MailSource;
}

/** A run: mailbox, place and rules. */
export interface Fetching extends FetchRules {
  /** The command's name, for errors. */
  readonly command: string;
  /** Where messages go. */
  readonly target: FetchTarget;
  /** Opens the mailbox on the server, once no other run fetches into the same place. */
  readonly open: () => Promise<OpenSource>;
}

/**
 * Fetches the new messages of a mailbox.
 *
 * @param fetching The run.
 * @param context Where the command runs.
 * @returns The exit status.
 */
export async function fetchInto(fetching: Fetching, context: Context): Promise<number> {
  const { target, command } = fetching;
  if (target.kind !== "mbox") await makeWritableFolder(target.path);
  // Another run must not begin before this one has ended, also on the server.
  using journal = await FetchJournal.open(
    target.kind === "mbox"
      ? `${target.path}.netwright-fetched`
      : `${target.path}/netwright-fetched`,
  );
  await using opened = await fetching.open();
  const { name, source } = opened;
  const { deleteAfterMs, maxBytes, limit } = fetching;
  using progress = new Progress(context, { label: name, unit: "messages", hasResults: false });
  const { delivered, known, skipped, deleted, refusals } = await fetchMail(source, {
    deleteAfterMs,
    maxBytes,
    maxMessages: limit,
    journal,
    openDelivery: (keys) => openDelivery(target, keys),
    async onDelivered({ number, bytes, key }, path) {
      progress.add(1);
      const uid = key.slice(key.indexOf(" ") + 1);
      if (context.json) await context.stdout.json({ number, uid, bytes, file: path });
    },
    onSkipped: ({ number }, reason) =>
      printErrorLine(`message ${number}: ${reason}`, command, context.stderr),
  });
  if (!context.quiet) {
    const deletion = deleteAfterMs === undefined ? "" : `, ${deleted} deleted`;
    await context.stderr.line(`${delivered} fetched, ${known} known${deletion}`);
  }
  for (const { reason } of refusals) await printErrorLine(reason, command, context.stderr);
  return skipped + refusals.length === 0 ? EXIT.done : EXIT.partly;
}

function openDelivery(
  { kind, path }: FetchTarget,
  keys: readonly string[],
): Promise<MailDelivery> {
  if (kind === "maildir") return MaildirDelivery.open(path, keys);
  return kind === "mbox" ? MboxDelivery.open(path) : FolderDelivery.open(path, keys);
}
