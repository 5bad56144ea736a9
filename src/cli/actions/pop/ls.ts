/**
 * `netwright pop ls`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { LsPlan } from "../../commands/pop/ls.ts";
import { NetwrightError } from "../../../net/mod.ts";
import { openMailbox } from "../../pop/connect.ts";
import { isInRanges } from "../../pop/options.ts";
import { summariesOf } from "../../pop/summaries.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<LsPlan> = {
  async run({ server, ranges, uids }, context) {
    const { client, account } = await openMailbox(server, context);
    await using _ = client;
    const all = await client.list();
    for (const [first, last] of ranges) {
      if (!all.some(({ number }) => number >= first && number <= last)) {
        throw new NetwrightError(`message ${first} does not exist`, {
          operation: "list messages",
          peer: account,
        });
      }
    }
    const messages = all.filter(({ number }) => isInRanges(ranges, number));
    if (uids) {
      const found = new Map((await client.uidl()).map(({ number, uid }) => [number, uid]));
      const table = new Table(context.stdout, { headings: ["number", "bytes", "identifier"] });
      for (const { number, bytes } of messages) {
        const uid = found.get(number) ?? "";
        if (context.json) await context.stdout.json({ number, bytes, uid });
        else await table.row(number, bytes, uid);
      }
      await table.end();
    } else {
      const headings = ["number", "bytes", "date", "from", "subject"];
      // Each is shown at once: a large mailbox takes time.
      const table = new Table(context.stdout, { headings, widths: [6, 8, 16, 28, 0] });
      for await (const { number, bytes, date, from, subject } of summariesOf(client, messages)) {
        if (context.json) await context.stdout.json({ number, bytes, date, from, subject });
        else await table.row(number, bytes, shownDate(date), from, subject);
      }
      await table.end();
    }
    await client.quit();
  },
};

/** A date to the minute, in UTC. */
function shownDate(date: Date | undefined): string {
  return date === undefined ? "" : date.toISOString().slice(0, 16).replace("T", " ");
}
