/**
 * Articles that come: POST, IHAVE, CHECK and TAKETHIS (RFC 3977 §6.3, RFC 4644).
 *
 * @module
 */

import { escapeForDisplay, type Tainted } from "../../../net/mod.ts";
import { isMessageId } from "../codec/message_id.ts";
import { injectArticle, type Poster, relayArticle } from "./_injection.ts";
import { receiveArticle } from "./_received_article.ts";
import { Refusal, Unacceptable } from "./_refusal.ts";
import { type NntpServerSession, wordsOf } from "./_session.ts";

/** Largest article, in bytes. */
const MAX_ARTICLE_BYTES = 26_214_400;

/** Replies to an article. */
interface Codes {
  readonly taken: number;
  readonly rejected: number;
  readonly later: number;
}

/** POST. */
export async function post(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  if (wordsOf(argument).length > 0) throw new Refusal(501, "POST takes no argument");
  if (state.options.posting === false) throw new Refusal(440, "posting is not allowed");
  if (!state.mayPost) throw new Refusal(480, "log in to post");
  await state.reply(340, "send the article, and end it with a line of one dot");
  const codes = { taken: 240, rejected: 441, later: 441 };
  await take(state, codes, "", (article, poster) => injectArticle(article, poster));
}

/** IHAVE. */
export async function ihave(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const messageId = requireId(argument);
  if (!state.mayFeed) throw new Refusal(502, "articles are not taken from other servers");
  if (await state.options.store.find(messageId) !== undefined) {
    throw new Refusal(435, "it is here already");
  }
  await state.reply(335, "send it");
  const codes = { taken: 235, rejected: 437, later: 436 };
  await take(state, codes, "", (article, poster) => relayArticle(article, messageId, poster));
}

/** CHECK. */
export async function check(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const messageId = requireId(argument);
  if (!state.mayFeed) throw new Refusal(502, "articles are not taken from other servers");
  const isKnown = await state.options.store.find(messageId) !== undefined;
  await state.reply(isKnown ? 438 : 238, messageId);
}

/** TAKETHIS: the article follows at once, whatever the reply will be. */
export async function takeThis(
  state: NntpServerSession,
  argument: Tainted<string>,
): Promise<"quit" | void> {
  const messageId = idOf(argument);
  const refusal = messageId === undefined
    ? new Refusal(501, "it takes a message ID")
    : state.mustLogIn
    ? new Refusal(480, "log in first")
    : state.mayFeed
    ? undefined
    : new Refusal(502, "articles are not taken from other servers");
  if (refusal !== undefined) {
    await receiveArticle(state.session, maxBytesOf(state), () => Promise.resolve());
    throw refusal;
  }
  const codes = { taken: 239, rejected: 439, later: 400 };
  const code = await take(
    state,
    codes,
    messageId!,
    (article, poster) => relayArticle(article, messageId!, poster),
  );
  // RFC 4644 §2.5.2: what cannot be taken for now ends the session.
  return code === 400 ? "quit" : undefined;
}

function requireId(argument: Tainted<string>): string {
  const [messageId = "", ...rest] = wordsOf(argument);
  if (isMessageId(messageId) && rest.length === 0) return messageId;
  throw new Refusal(501, "it takes a message ID");
}

/** The identifier in a line that may be malformed. */
function idOf(argument: Tainted<string>): string | undefined {
  try {
    return requireId(argument);
  } catch {
    return undefined;
  }
}

function maxBytesOf(
  { options: { maxArticleBytes = MAX_ARTICLE_BYTES } }: NntpServerSession,
): number {
  return maxArticleBytes;
}

/** Reads an article, and replies. */
async function take(
  state: NntpServerSession,
  codes: Codes,
  prefix: string,
  act: (
    article: Parameters<typeof injectArticle>[0],
    poster: Poster,
  ) => ReturnType<typeof injectArticle>,
): Promise<number> {
  const { options, session } = state;
  const poster: Poster = {
    options,
    name: state.name,
    user: state.user,
    access: (group) => state.access(group),
  };
  const received = await receiveArticle(
    session,
    maxBytesOf(state),
    (article) => act(article, poster),
  );
  let [code, text] = [codes.taken, ""];
  if ("result" in received) {
    const { messageId, isSubmitted } = received.result;
    text = `${isSubmitted ? "sent to the moderator" : "article received"} ${messageId}`;
  } else if (received.error instanceof Unacceptable) {
    code = codes.rejected;
    text = escapeForDisplay(received.error.message);
  } else {
    options.onError?.(received.error);
    code = codes.later;
    text = "it cannot be kept for now";
  }
  await state.reply(code, prefix === "" || code === 400 ? text : `${prefix} ${text}`);
  return code;
}
