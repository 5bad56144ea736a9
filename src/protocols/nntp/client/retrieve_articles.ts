/**
 * Articles, one or several with few round trips.
 *
 * @module
 */

import { type ReplyError, UsageError, verbatim } from "../../../net/mod.ts";
import { isPositive, toReplyError } from "../../wire/internal.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import { isMessageId } from "../codec/message_id.ts";
import { parseNumber } from "../codec/numbers.ts";
import { malformedReply } from "./lines.ts";
import type { NntpSession } from "./session.ts";

/** The number of an article in the selected group, or its identifier with brackets. */
export type ArticleReference = number | string;

/** What of an article is requested: all of it, its header, or its body. */
export type ArticlePart = "article" | "head" | "body";

/** One of several articles that were requested. */
export interface RetrievedArticle {
  /** As it was requested. */
  readonly reference: ArticleReference;
  /** Its text, lines ending with CRLF; to be read before the next article is taken. Empty if it was refused. */
  readonly text: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** The server's refusal, such as 423 or 430 of an article that it does not have; undefined if it sends the article. */
  readonly refusal: ReplyError | undefined;
}

/** Commands that are under way at once; any command of this kind may be pipelined (RFC 3977 §3.5). */
const WINDOW = 32;
const CODES: Readonly<Record<ArticlePart, number>> = { article: 220, head: 221, body: 222 };
/** Maximum size of an article, in bytes. */
const MAX_ARTICLE_BYTES = 268_435_456;

/**
 * Builds the command that requests an article.
 *
 * @param verb The command.
 * @param reference Which article; the current one if absent.
 * @returns The command.
 * @throws {UsageError} If no article can be called so.
 */
export function articleCommand(verb: string, reference: ArticleReference | undefined): CommandLine {
  if (reference === undefined) return { line: verb, shown: verb, verb };
  const isValid = typeof reference === "number"
    ? Number.isSafeInteger(reference) && reference >= 0
    : isMessageId(reference);
  if (!isValid) {
    throw new UsageError(`${JSON.stringify(reference)} is neither a number nor a message ID`);
  }
  const { line, shown } = command`${verb} ${reference}`;
  return { line, shown, verb };
}

/**
 * Streams an article.
 *
 * @param session The session.
 * @param part What of it.
 * @param reference Which article; the current one if absent.
 * @returns Pieces, lines ending with CRLF.
 * @throws {ReplyError} If there is no such article.
 * @throws {LimitError} If it is too large; the session is over then.
 */
export async function* retrieveArticle(
  session: NntpSession,
  part: ArticlePart,
  reference: ArticleReference | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { channel, options } = session;
  session.assertIdle();
  const line = articleCommand(part.toUpperCase(), reference);
  const [reply] = await channel.pipeline([line]);
  const refusal = checkReply(session, reply!, part, reference);
  if (refusal !== undefined) throw refusal;
  yield* channel.readText({ maxBytes: options.maxArticleBytes ?? MAX_ARTICLE_BYTES });
}

/**
 * Checks that a reply belongs to its request: one too many, and all later articles would be others.
 *
 * @returns The refusal, if it is one.
 * @throws {ProtocolError} If it is the reply to something else; the session is over then.
 */
function checkReply(
  session: NntpSession,
  reply: Reply,
  part: ArticlePart,
  reference: ArticleReference | undefined,
): ReplyError | undefined {
  const verb = part.toUpperCase();
  if (!isPositive(reply.code)) {
    return toReplyError(reply, verb, session.channel.peer) as ReplyError;
  }
  const text = reply.lines[0]?.validate(verbatim) ?? "";
  const [digits, id = ""] = text.split(/[ \t]+/);
  const number = parseNumber(digits);
  // Some servers leave number and identifier out; those that are there must be right.
  const isOther = typeof reference === "number"
    ? number !== undefined && number !== 0 && number !== reference
    : reference !== undefined && isMessageId(id) && id !== reference;
  if (reply.code === CODES[part] && !isOther) return undefined;
  throw malformedReply(session, `${reply.code} ${text}`, verb);
}

/**
 * Requests articles, and yields them as they come.
 *
 * @param session The session.
 * @param part What of them.
 * @param references Which articles.
 * @returns The articles, in this order.
 */
export async function* retrieveArticles(
  session: NntpSession,
  part: ArticlePart,
  references: Iterable<ArticleReference>,
): AsyncGenerator<RetrievedArticle> {
  const { channel, options: { maxArticleBytes: maxBytes = MAX_ARTICLE_BYTES } } = session;
  const verb = part.toUpperCase();
  const waiting = Array.from(references, (reference) => ({
    reference,
    line: articleCommand(verb, reference),
  }));
  session.assertIdle();
  session.isRetrieving = true;
  let [next, done] = [0, 0];
  try {
    for (; done < waiting.length; done++) {
      if (next - done <= WINDOW / 2 && next < waiting.length) {
        const more = waiting.slice(next, done + WINDOW);
        next += more.length;
        await channel.sendWithoutWaiting(...more.map(({ line }) => line));
      }
      const { reference } = waiting[done]!;
      const refusal = checkReply(session, await channel.readReply(), part, reference);
      if (refusal !== undefined) {
        yield { reference, text: (async function* () {})(), refusal };
        continue;
      }
      const text = channel.readText({ maxBytes });
      // Leaving the loop over a text early must not end the session.
      const shown = { next: () => text.next() };
      yield { reference, text: { [Symbol.asyncIterator]: () => shown }, refusal: undefined };
      // The unread rest.
      for await (const _ of text);
    }
  } finally {
    session.isRetrieving = false;
    if (next > done) channel.close();
  }
}
