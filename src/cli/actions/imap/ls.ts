/**
 * `netwright imap ls`, inside the sandbox.
 *
 * @module
 */

import { mailboxesOf } from "../../../mime/mod.ts";
import type { Action } from "../../command/context.ts";
import type { LsPlan } from "../../commands/imap/ls.ts";
import { openMailbox } from "../../imap/connect.ts";
import { Table } from "../../terminal/table.ts";

/** Letters for flags, in the order in which they are shown. */
const LETTERS: readonly (readonly [string, string])[] = [
  ["\\answered", "A"],
  ["\\flagged", "F"],
  ["\\draft", "D"],
  ["\\deleted", "X"],
];

/** The command, in the sandbox. */
export const action: Action<LsPlan> = {
  async run({ server, criteria, last }, context) {
    const { client, mailbox } = await openMailbox(server, context);
    await using _ = client;
    const found = await mailbox.search(criteria);
    const uids = last === undefined ? found : found.slice(-last);
    const headings = ["uid", "flags", "bytes", "date", "from", "subject"];
    // Each is shown at once: a large mailbox takes time.
    const table = new Table(context.stdout, { headings, widths: [6, 5, 8, 16, 28, 0] });
    const items = { flags: true, size: true, internalDate: true, envelope: true };
    for await (const message of mailbox.fetch(uids, items)) {
      const { uid, flags = [], size: bytes, internalDate, envelope } = message;
      const date = envelope?.date ?? internalDate;
      const from = mailboxesOf(envelope?.from ?? [])
        .map(({ name, address }) => name ? `${name} <${address}>` : address).join(", ");
      const subject = envelope?.subject ?? "";
      if (context.json) {
        await context.stdout.json({
          uid,
          flags,
          bytes,
          date,
          received: internalDate,
          from,
          subject,
        });
      } else await table.row(uid, letters(flags), bytes ?? "", shownDate(date), from, subject);
    }
    await table.end();
    await client.logout();
  },
};

function letters(flags: readonly string[]): string {
  const has = new Set(flags.map((flag) => flag.toLowerCase()));
  const shown = LETTERS.filter(([flag]) => has.has(flag)).map(([, letter]) => letter).join("");
  return has.has("\\seen") ? shown : `N${shown}`;
}

/** A date to the minute, in UTC. */
function shownDate(date: Date | undefined): string {
  return date === undefined ? "" : date.toISOString().slice(0, 16).replace("T", " ");
}
