/**
 * `netwright news post`, inside the sandbox.
 *
 * @module
 */

import { withoutMboxLine } from "../../../mime/internal.ts";
import { type MessageDraft, type Part, writePart } from "../../../mime/mod.ts";
import { toBytes } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { NntpClient } from "../../../protocols/nntp/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { PostPlan } from "../../commands/news/post.ts";
import { draftOf, writeMessage, writerOf } from "../../mail/draft.ts";
import { MAX_MESSAGE, openInput } from "../../mail/input.ts";
import {
  cancelMessage,
  followupGroups,
  newArticle,
  readArticle,
  replyDraft,
} from "../../news/article_draft.ts";
import { openNews } from "../../news/connect.ts";

/** The command, in the sandbox. */
export const action: Action<PostPlan> = {
  async run(plan, context) {
    const { kind, server, print } = plan;
    if (kind === "ready") return await postReady(plan, context);
    // The text is read first: a person may take longer for it than the server waits.
    const draft = kind === "cancel" ? undefined : await draftOf(plan.draft, context);
    const isEmpty = draft !== undefined && (draft.text ?? "").trim() === "" &&
      draft.html === undefined && (draft.attachments ?? []).length === 0;
    if (isEmpty) throw new UsageError("the text is empty: nothing was posted");
    if (kind === "new" && print) {
      return await writeMessage(newArticle(draft!, plan.groups, plan.followupTo), context);
    }
    const { client } = await openNews(server, context);
    await using _ = client;
    const article = await makeArticle(plan, draft, client);
    if (print) await writeMessage(article, context);
    else await report(await client.post(writePart(article)), context);
    await client.quit();
  },
};

async function makeArticle(
  plan: PostPlan,
  draft: MessageDraft | undefined,
  client: NntpClient,
): Promise<Part> {
  const { kind, reference, followupTo, groups, server } = plan;
  if (kind === "new") return newArticle(draft!, groups, followupTo);
  const isNumber = !reference!.startsWith("<");
  if (isNumber) await client.selectGroup(server.group!);
  const article = await readArticle(client, isNumber ? Number(reference) : reference!);
  const from = writerOf(plan.draft);
  if (kind === "cancel") return cancelMessage(article, from);
  const { to: _, cc: __, ...reply } = await replyDraft(article, from, draft!.text);
  const whole = { ...draft!, ...reply, subject: draft!.subject ?? reply.subject };
  return newArticle(whole, groups.length > 0 ? groups : followupGroups(article), followupTo);
}

async function postReady({ message, print, server }: PostPlan, context: Context): Promise<void> {
  const bytes = withoutMboxLine(await toBytes(await openInput(message!, context), MAX_MESSAGE));
  if (bytes.length === 0) throw new UsageError("the article is empty");
  if (print) return await context.stdout.peerBytes(bytes);
  const { client } = await openNews(server, context);
  await using _ = client;
  await report(await client.post([bytes]), context);
  await client.quit();
}

async function report(reply: string, { json, quiet, stdout, stderr }: Context): Promise<void> {
  if (json) await stdout.json({ reply });
  else if (!quiet) await stderr.line(`posted: ${reply}`);
}
