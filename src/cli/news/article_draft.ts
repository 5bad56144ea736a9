/**
 * Articles that are written here: new ones, follow-ups, and cancel messages.
 *
 * @module
 */

import {
  composeMessage,
  createReply,
  type Entity,
  type Mailbox,
  type MessageDraft,
  parseMessage,
  type Part,
} from "../../mime/mod.ts";
import { toBytes } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { ArticleReference, NntpClient } from "../../protocols/nntp/mod.ts";
import { textOf } from "../mail/shown_message.ts";

/** Largest article that is read as a whole, in bytes. */
const MAX_ARTICLE_BYTES = 64 * 1024 * 1024;

/**
 * Reads an article as a whole.
 *
 * @param client The server; the group of a number is selected.
 * @param reference Which article.
 * @returns The article.
 * @throws {ReplyError} If it is not there.
 * @throws {LimitError} If it is too large.
 */
export async function readArticle(
  client: NntpClient,
  reference: ArticleReference,
): Promise<Entity> {
  const bytes = await toBytes(client.article(reference), MAX_ARTICLE_BYTES);
  return parseMessage(bytes, { wholeMessages: true });
}

/**
 * Makes an article.
 *
 * @param draft Author, subject and text.
 * @param groups Where it is posted.
 * @param followupTo Where replies go; to the same groups if absent.
 * @returns The article.
 */
export function newArticle(
  draft: MessageDraft,
  groups: readonly string[],
  followupTo: string | undefined,
): Part {
  const headers = [
    ["Newsgroups", groups.join(",")],
    ...followupTo === undefined ? [] : [["Followup-To", followupTo]],
  ] as const;
  return composeMessage({
    ...draft,
    headers: [...headers as readonly (readonly [string, string])[], ...draft.headers ?? []],
  });
}

/** The groups to which replies to an article go. */
export function followupGroups(article: Entity): string[] {
  const { header } = article;
  const text = header.get("followup-to") ?? header.get("newsgroups") ?? "";
  if (text.toLowerCase() === "poster") {
    throw new UsageError("its author requests replies by mail only");
  }
  const groups = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (groups.length > 0) return groups;
  throw new UsageError("the article names no group");
}

/**
 * Drafts a reply, to be posted or mailed.
 *
 * @param article The article that it follows up.
 * @param from Who replies.
 * @param text The reply.
 * @returns The draft; its recipients are those of a reply by mail.
 */
export async function replyDraft(
  article: Entity,
  from: Mailbox,
  text: string | undefined,
): Promise<MessageDraft> {
  const { leftOut: _, ...draft } = createReply(article, {
    from,
    text,
    quoted: await textOf(article),
  });
  return draft;
}

/**
 * Makes the message that removes an own article (RFC 5537 §5.3).
 *
 * @param article The article.
 * @param from Its author.
 * @returns The message.
 */
export function cancelMessage(article: Entity, from: Mailbox): Part {
  const [messageId] = article.header.messageIds("message-id");
  const groups = (article.header.get("newsgroups") ?? "").replaceAll(/\s/g, "");
  if (messageId === undefined || groups === "") {
    throw new UsageError("the article has no Message-ID or no Newsgroups");
  }
  return composeMessage({
    from: [from],
    subject: `cmsg cancel ${messageId}`,
    headers: [["Newsgroups", groups], ["Control", `cancel ${messageId}`]],
    text: "This article was cancelled by its author.\n",
  });
}
