/**
 * `netwright news read`, inside the sandbox.
 *
 * @module
 */

import { type Entity, readableParts } from "../../../mime/mod.ts";
import { makeWritableFolder } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { saveAttachments, showMessage } from "../../mail/shown_message.ts";
import { readArticle } from "../../news/article_draft.ts";
import { openNews } from "../../news/connect.ts";
import { fieldsOf, NewsReader } from "../../news/reader.ts";
import type { ReadPlan } from "../../news/plans.ts";

/** The command, in the sandbox. */
export const action: Action<ReadPlan> = {
  async run(plan, context) {
    if (plan.attachments !== undefined) await makeWritableFolder(plan.attachments);
    if (plan.articles.length === 0) return await new NewsReader(plan, context).run();
    const { client } = await openNews(plan.server, context);
    await using _ = client;
    const isNumbered = plan.articles.some((word) => !word.startsWith("<"));
    if (isNumbered) await client.selectGroup(plan.server.group!);
    const status = await inTurn(
      plan.articles,
      async (word, index) => {
        const reference = word.startsWith("<") ? word : Number(word);
        if (plan.raw) {
          for await (const piece of client.article(reference)) {
            await context.stdout.peerBytes(piece);
          }
          return;
        }
        const article = await readArticle(client, reference);
        if (index > 0) await context.stdout.line();
        await print(word, article, plan, context);
      },
      context,
      "news read",
    );
    await client.quit();
    return status;
  },
};

async function print(
  name: string,
  article: Entity,
  plan: ReadPlan,
  { json, stdout }: Context,
): Promise<void> {
  if (json) {
    const fields = article.header.fields.map(({ name, value }) => ({ name, value }));
    return await stdout.json({ article: name, fields });
  }
  await showMessage(article, fieldsOf(article.header), stdout);
  if (plan.attachments === undefined || readableParts(article).files.length === 0) return;
  for (const path of await saveAttachments(article, `article ${name}`, plan)) {
    await stdout.line(path);
  }
}
