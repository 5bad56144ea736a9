/**
 * `netwright imap search`, inside the sandbox.
 *
 * @module
 */

import { jsonLine } from "../../../net/internal.ts";
import type { SortKey } from "../../../protocols/imap/mod.ts";
import type { Action } from "../../command/context.ts";
import type { SearchPlan } from "../../commands/imap/search.ts";
import { openMailbox } from "../../imap/connect.ts";
import { EXIT } from "../../terminal/failure.ts";

/** Number of lines that are written at once. */
const BLOCK = 1000;

/** The command, in the sandbox. */
export const action: Action<SearchPlan> = {
  async run({ server, criteria, sort, count }, context) {
    const { client, mailbox } = await openMailbox(server, context);
    await using _ = client;
    let found: number;
    if (count) {
      ({ count: found } = await mailbox.summarize(criteria));
      if (context.json) await context.stdout.json({ count: found });
      else await context.stdout.line(`${found}`);
    } else {
      const uids = sort.length === 0
        ? await mailbox.search(criteria)
        : await mailbox.sort(sort as readonly SortKey[], criteria);
      for (let at = 0; at < uids.length; at += BLOCK) {
        context.signal.throwIfAborted();
        const block = uids.slice(at, at + BLOCK);
        const lines = block.map((uid) => context.json ? jsonLine({ uid }) : `${uid}`);
        await context.stdout.line(lines.join("\n"));
      }
      found = uids.length;
    }
    await client.logout();
    return found > 0 ? EXIT.done : EXIT.failed;
  },
};
