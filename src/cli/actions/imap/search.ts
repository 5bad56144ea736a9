/**
 * `netwright imap search`, inside the sandbox.
 *
 * @module
 */

import type { SortKey } from "../../../protocols/imap/mod.ts";
import type { Action } from "../../command/context.ts";
import type { SearchPlan } from "../../commands/imap/search.ts";
import { openMailbox } from "../../imap/connect.ts";
import { EXIT } from "../../terminal/failure.ts";

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
      for (const uid of uids) {
        if (context.json) await context.stdout.json({ uid });
        else await context.stdout.line(`${uid}`);
      }
      found = uids.length;
    }
    await client.logout();
    return found > 0 ? EXIT.done : EXIT.failed;
  },
};
