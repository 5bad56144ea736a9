/**
 * `netwright news groups`, inside the sandbox.
 *
 * @module
 */

import { type ListedGroup, type NntpClient, Wildmat } from "../../../protocols/nntp/mod.ts";
import type { Action } from "../../command/context.ts";
import type { GroupsPlan } from "../../commands/news/groups.ts";
import { isRefusal, openNews } from "../../news/connect.ts";
import { readNewsrc } from "../../news/newsrc.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<GroupsPlan> = {
  async run({ server, wildmat, newSinceMs, newsrc: file }, context) {
    const newsrc = await readNewsrc(file);
    const { client, malformed } = await openNews(server, context);
    await using _ = client;
    const descriptions = await descriptionsOf(client, wildmat);
    const table = new Table(context.stdout, {
      headings: ["group", "articles", ...file === undefined ? [] : ["unread"], "", "description"],
      widths: [28, 8, ...file === undefined ? [] : [6], 1, 0],
    });
    for await (const group of groupsOf(client, wildmat, newSinceMs)) {
      const { name, low, high, posting } = group;
      const count = group.count ?? Math.max(0, high - low + 1);
      // Numbers without an article may be marked as read, or not.
      const unread = Math.max(
        0,
        Math.min(count, high - low + 1 - newsrc.countRead(name, low, high)),
      );
      const description = descriptions.get(name) ?? "";
      if (context.json) {
        const marks = file === undefined ? {} : { unread };
        await context.stdout.json({ name, count, low, high, ...marks, posting, description });
        continue;
      }
      const status = { yes: "", no: "n", moderated: "m" }[posting];
      const marks = file === undefined ? [] : [unread];
      await table.row(name, count, ...marks, status, description);
    }
    await table.end();
    await client.quit();
    return malformed() > 0 ? EXIT.partly : EXIT.done;
  },
};

/** The topics of the groups; empty if the server does not list them. */
async function descriptionsOf(
  client: NntpClient,
  wildmat: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  try {
    for await (const { name, description } of client.listNewsgroups(wildmat)) {
      found.set(name, description);
    }
  } catch (error) {
    if (!isRefusal(error, 500, 501, 502, 503)) throw error;
  }
  return found;
}

async function* groupsOf(
  client: NntpClient,
  wildmat: string | undefined,
  newSinceMs: number | undefined,
): AsyncGenerator<ListedGroup> {
  if (newSinceMs !== undefined) {
    const patterns = wildmat === undefined ? undefined : new Wildmat(wildmat);
    // The server's clock is the one that counts.
    const since = new Date(Math.max(0, (await client.date()).getTime() - newSinceMs));
    const groups = await client.newGroups(since);
    yield* groups.filter(({ name }) => patterns?.matches(name) ?? true);
  } else if (client.capabilities.get("LIST")?.includes("COUNTS")) {
    yield* client.listCounts(wildmat);
  } else yield* client.listActive(wildmat);
}
