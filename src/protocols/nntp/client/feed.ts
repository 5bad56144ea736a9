/**
 * Articles for another server: CHECK and TAKETHIS, or IHAVE (RFC 4644, RFC 3977 §6.3.2).
 *
 * @module
 */

import { UsageError, verbatim } from "../../../net/mod.ts";
import { formatReplyForDisplay, toReplyError } from "../../wire/internal.ts";
import { command, type Reply } from "../../wire/mod.ts";
import { isMessageId } from "../codec/message_id.ts";
import { malformedReply } from "./lines.ts";
import type { NntpSession } from "./session.ts";

/** An article to be offered. */
export interface OfferedArticle {
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** Its text, lines ending with CRLF or LF; called only if the server requests it. */
  text(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * The outcome of an offer: the article was taken; it was not requested; it was rejected after it was sent; or the server asks
 * for it later.
 */
export type OfferOutcome = "taken" | "unwanted" | "rejected" | "later";

/** An article, and what became of it. */
export interface OfferResult {
  /** Its identifier. */
  readonly messageId: string;
  /** What became of it. */
  readonly outcome: OfferOutcome;
  /** The server's reply, cleaned to be shown. */
  readonly reply: string;
}

/** Articles that are asked about at once. */
const CHECKED_AT_ONCE = 100;
/** Articles that are sent without waiting for the reply. */
const SENT_AT_ONCE = 16;

const OUTCOMES: ReadonlyMap<unknown, OfferOutcome> = new Map([
  [239, "taken"],
  [235, "taken"],
  [438, "unwanted"],
  [435, "unwanted"],
  [439, "rejected"],
  [437, "rejected"],
  [431, "later"],
  [436, "later"],
]);

/**
 * Offers articles, and sends those that the server requests.
 *
 * @param session The session.
 * @param articles The articles.
 * @returns What became of each.
 * @throws {ReplyError} If the server refuses for another reason.
 */
export async function* offerArticles(
  session: NntpSession,
  articles: AsyncIterable<OfferedArticle> | Iterable<OfferedArticle>,
): AsyncGenerator<OfferResult> {
  session.assertIdle();
  if (!session.capabilities.has("STREAMING")) {
    for await (const article of articles) yield await offerOne(session, article);
    return;
  }
  await session.channel.send(command`MODE STREAM`, [203]);
  let batch: OfferedArticle[] = [];
  for await (const article of articles) {
    batch.push(article);
    if (batch.length < CHECKED_AT_ONCE) continue;
    yield* streamArticles(session, batch);
    batch = [];
  }
  yield* streamArticles(session, batch);
}

async function* streamArticles(
  session: NntpSession,
  articles: readonly OfferedArticle[],
): AsyncGenerator<OfferResult> {
  const { channel } = session;
  const wanted: OfferedArticle[] = [];
  const replies = await channel.pipeline(
    articles.map(({ messageId }) => command`CHECK ${checked(messageId)}`),
  );
  for (const [index, reply] of replies.entries()) {
    const article = articles[index]!;
    checkId(session, article.messageId, reply);
    if (reply.code === 238) wanted.push(article);
    else yield resultOf(article.messageId, reply, "CHECK", channel.peer);
  }
  for (let at = 0; at < wanted.length; at += SENT_AT_ONCE) {
    const some = wanted.slice(at, at + SENT_AT_ONCE);
    for (const article of some) {
      const before = [command`TAKETHIS ${article.messageId}`];
      await channel.pipelineText(article.text(), { before, replies: 0 });
    }
    // All are read before the caller, who may leave, sees the first.
    const results: [string, Reply][] = [];
    let failure: { readonly error: unknown } | undefined;
    try {
      for (const { messageId } of some) results.push([messageId, await channel.readReply()]);
    } catch (error) {
      failure = { error };
    }
    for (const [id, reply] of results) {
      checkId(session, id, reply);
      yield resultOf(id, reply, "TAKETHIS", channel.peer);
    }
    // The results of all articles before the failure have been yielded.
    if (failure !== undefined) throw failure.error;
  }
}

async function offerOne(
  { channel }: NntpSession,
  article: OfferedArticle,
): Promise<OfferResult> {
  const { messageId } = article;
  const [reply] = await channel.pipeline([command`IHAVE ${checked(messageId)}`]);
  if (reply!.code !== 335) return resultOf(messageId, reply!, "IHAVE", channel.peer);
  const [final] = await channel.pipelineText(article.text());
  return resultOf(messageId, final!, "IHAVE", channel.peer);
}

/** Checks that a reply is about an article: one too many, and all later ones would be about others. */
function checkId(session: NntpSession, messageId: string, reply: Reply): void {
  const text = reply.lines[0]?.validate(verbatim) ?? "";
  const [id = ""] = text.split(/[ \t]/);
  if (isMessageId(id) && id !== messageId) {
    throw malformedReply(session, `${reply.code} ${text}`, "TAKETHIS");
  }
}

function resultOf(messageId: string, reply: Reply, verb: string, peer: string): OfferResult {
  const outcome = OUTCOMES.get(reply.code);
  if (outcome === undefined) throw toReplyError(reply, verb, peer);
  return { messageId, outcome, reply: formatReplyForDisplay(reply) };
}

function checked(messageId: string): string {
  if (isMessageId(messageId)) return messageId;
  throw new UsageError(`${JSON.stringify(messageId)} is not a message ID`);
}
