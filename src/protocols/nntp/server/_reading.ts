/**
 * Selecting groups and reading articles (RFC 3977 §6.1, §6.2).
 *
 * @module
 */

import type { Tainted } from "../../../net/mod.ts";
import { splitMessage } from "../../../mime/internal.ts";
import type { NewsGroup } from "../../../stores/mod.ts";
import { replyWithStoredText, writeLines } from "../../wire/internal.ts";
import { isMessageId } from "../codec/message_id.ts";
import { type ArticleRange, parseNumber, parseRange } from "../codec/numbers.ts";
import { Refusal } from "./_refusal.ts";
import { type NntpServerSession, wordsOf } from "./_session.ts";

/** An article that the client means. */
export interface FoundArticle {
  /** The number for the reply: 0 if it was requested by its identifier. */
  readonly number: number;
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** A group in which it is, and its number there. */
  readonly place: readonly [group: string, number: number];
}

/** GROUP. */
export async function group(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const [name, ...rest] = wordsOf(argument);
  if (name === undefined || rest.length > 0) throw new Refusal(501, "GROUP takes a group");
  await state.reply(211, select(state, await state.requireGroup(name)));
}

/** LISTGROUP. */
export async function listGroup(
  state: NntpServerSession,
  argument: Tainted<string>,
): Promise<void> {
  const [name, text = "1-", ...rest] = wordsOf(argument);
  const range = parseRange(text);
  if (range === undefined || rest.length > 0) {
    throw new Refusal(501, "LISTGROUP takes a group and a range");
  }
  const found = await state.requireGroup(name ?? state.requireSelected());
  const reply = select(state, found);
  const numbers = await state.options.store.numbers(found.name, bounded(range));
  await state.reply(211, `${reply} list follows`);
  await writeLines(state.session, numbers.map(String));
}

/** Selects a group; its first article becomes the current one. */
function select(state: NntpServerSession, { name, count, low, high }: NewsGroup): string {
  state.group = name;
  state.current = count === 0 ? undefined : low;
  return `${count} ${low} ${high} ${name}`;
}

/** A range with an end. */
export function bounded({ first, last = Number.MAX_SAFE_INTEGER - 1 }: ArticleRange) {
  return { first, last };
}

/** NEXT and LAST: the article after or before the current one. */
export async function step(state: NntpServerSession, isForward: boolean): Promise<void> {
  const name = state.requireSelected();
  const { store } = state.options;
  if (state.current === undefined) throw new Refusal(420, "no current article");
  const range = isForward
    ? { first: state.current + 1, last: Number.MAX_SAFE_INTEGER - 1 }
    : { first: 1, last: state.current - 1 };
  const numbers = await store.numbers(name, range);
  const number = isForward ? numbers[0] : numbers.at(-1);
  const messageId = number === undefined ? undefined : await messageIdOf(state, name, number);
  if (number === undefined || messageId === undefined) {
    throw isForward ? new Refusal(421, "no next article") : new Refusal(422, "no previous article");
  }
  state.current = number;
  await state.reply(223, `${number} ${messageId} is the current article`);
}

/** The identifier of an article in a group; undefined if it is not there. */
async function messageIdOf(
  { options: { store } }: NntpServerSession,
  group: string,
  number: number,
): Promise<string | undefined> {
  const pieces = await store.overview(group, { first: number, last: number });
  if (pieces === undefined) return undefined;
  const line = await new Response(ReadableStream.from(pieces)).text();
  return line.split("\t")[4];
}

/**
 * Finds the article that an argument means; a number makes it the current one.
 *
 * @param state The session.
 * @param text A number, an identifier, or nothing for the current article.
 * @returns The article.
 * @throws {Refusal} If there is none.
 */
export async function findArticle(state: NntpServerSession, text = ""): Promise<FoundArticle> {
  if (text.startsWith("<")) return await findById(state, text);
  const number = text === "" ? undefined : parseNumber(text);
  if (text !== "" && number === undefined) {
    throw new Refusal(501, "not a number or a message ID");
  }
  const group = state.requireSelected();
  const wanted = number ?? state.current;
  const messageId = wanted === undefined ? undefined : await messageIdOf(state, group, wanted);
  if (wanted === undefined || messageId === undefined) {
    throw number === undefined
      ? new Refusal(420, "no current article")
      : new Refusal(423, "no article has that number");
  }
  state.current = wanted;
  return { number: wanted, messageId, place: [group, wanted] };
}

async function findById(state: NntpServerSession, messageId: string): Promise<FoundArticle> {
  if (!isMessageId(messageId)) throw new Refusal(501, "malformed message ID");
  const article = await state.options.store.find(messageId);
  const place = [...article?.places ?? []].find(([group]) => state.sees(group));
  if (place === undefined) throw new Refusal(430, "no such article");
  return { number: 0, messageId, place };
}

/** STAT. */
export async function stat(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const { number, messageId } = await findArticle(state, oneWord(argument));
  await state.reply(223, `${number} ${messageId}`);
}

/** ARTICLE, HEAD and BODY. */
export async function retrieve(
  state: NntpServerSession,
  part: "article" | "head" | "body",
  argument: Tainted<string>,
): Promise<"quit" | void> {
  const { number, messageId, place } = await findArticle(state, oneWord(argument));
  const text = await state.options.store.read(...place);
  if (text === undefined) {
    throw number === 0
      ? new Refusal(430, "no such article")
      : new Refusal(423, "no article has that number");
  }
  const code = { article: 220, head: 221, body: 222 }[part];
  const outcome = await replyWithStoredText(state.session, partOf(text, part), {
    found: [code, `${number} ${messageId}`],
    unreadable: [403, "the article cannot be read"],
    onError: state.options.onError,
  });
  return outcome === "broken" ? "quit" : undefined;
}

function oneWord(argument: Tainted<string>): string | undefined {
  const [word, ...rest] = wordsOf(argument);
  if (rest.length > 0) throw new Refusal(501, "too many arguments");
  return word;
}

async function* partOf(
  text: AsyncIterable<Uint8Array>,
  part: "article" | "head" | "body",
): AsyncGenerator<Uint8Array> {
  if (part === "article") return yield* text;
  const { header, rest } = await splitMessage(text);
  if (part === "head") {
    // Closes the file.
    await rest[Symbol.asyncIterator]().return?.();
    return yield header.bytes;
  }
  let isBody = false;
  for await (const piece of rest) {
    const start = isBody ? 0 : piece.indexOf(10) + 1;
    if (start === 0 && !isBody) continue;
    isBody = true;
    if (start < piece.length) yield piece.subarray(start);
  }
}
