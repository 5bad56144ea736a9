/**
 * Facts about articles: OVER, HDR and XPAT (RFC 3977 §8, RFC 2980 §2.9).
 *
 * @module
 */

import type { Tainted } from "../../../net/mod.ts";
import { splitMessage } from "../../../mime/internal.ts";
import { compilePattern, encodeLines, TextLines, Turns, writeLines } from "../../wire/internal.ts";
import { type ArticleRange, parseRange } from "../codec/numbers.ts";
import { bounded, findArticle } from "./_reading.ts";
import { Refusal } from "./_refusal.ts";
import { type NntpServerSession, wordsOf } from "./_session.ts";

/** Places of fields in a line of an overview. */
const PLACES: Readonly<Record<string, number>> = {
  "subject": 1,
  "from": 2,
  "date": 3,
  "message-id": 4,
  "references": 5,
  ":bytes": 6,
  ":lines": 7,
  "xref": 8,
};
/** What XHDR calls otherwise: articles rarely have these fields themselves. */
const OLD_NAMES: Readonly<Record<string, string>> = { bytes: ":bytes", lines: ":lines" };
/** Longest line of an overview, in characters. */
const MAX_LINE_LENGTH = 131_072;

type Matcher = (value: string) => boolean;

/** Articles whose facts are requested: a range of a group, or one by its identifier. */
interface Wanted {
  readonly group: string;
  readonly range: { readonly first: number; readonly last: number };
  /** Whether lines begin with 0 instead of the number. */
  readonly isById: boolean;
}

async function wantedBy(state: NntpServerSession, text: string | undefined): Promise<Wanted> {
  let range: ArticleRange | undefined;
  if (text !== undefined && !text.startsWith("<")) {
    range = parseRange(text);
    if (range === undefined) throw new Refusal(501, "not a range or a message ID");
    return { group: state.requireSelected(), range: bounded(range), isById: false };
  }
  const { number, place: [group, first] } = await findArticle(state, text);
  return { group, range: { first, last: first }, isById: number === 0 };
}

/** OVER and XOVER. */
export async function over(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const [text, ...rest] = wordsOf(argument);
  if (rest.length > 0) throw new Refusal(501, "too many arguments");
  const { group, range, isById } = await wantedBy(state, text);
  const pieces = await state.options.store.overview(group, range);
  if (pieces === undefined) throw new Refusal(423, "no articles in that range");
  await state.reply(224, "overview follows");
  if (!isById) return await state.sendText(pieces);
  const line = await new Response(ReadableStream.from(pieces)).text();
  await writeLines(state.session, [`0${line.slice(line.indexOf("\t")).replace(/\r?\n$/, "")}`]);
}

/** HDR, and XHDR with another code. */
export async function hdr(
  state: NntpServerSession,
  argument: Tainted<string>,
  code: number,
): Promise<void> {
  const [field, text, ...rest] = wordsOf(argument);
  if (field === undefined || rest.length > 0 || !isField(field)) {
    throw new Refusal(501, "HDR takes a field and a range or a message ID");
  }
  const name = code === 221 ? OLD_NAMES[field.toLowerCase()] ?? field : field;
  if (name.startsWith(":") && !Object.hasOwn(PLACES, name.toLowerCase())) {
    throw new Refusal(503, "there are no such metadata");
  }
  await send(state, code, name, await wantedBy(state, text), undefined);
}

/** XPAT. */
export async function xpat(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const [field, text, ...patterns] = wordsOf(argument);
  if (field === undefined || text === undefined || patterns.length === 0 || !isField(field)) {
    throw new Refusal(501, "XPAT takes a field, a range or a message ID, and patterns");
  }
  // A comma is one here.
  const matchers = patterns.map(compilePattern);
  await send(state, 221, field, await wantedBy(state, text), matchers);
}

function isField(text: string): boolean {
  return /^:?[!-9;-~]+$/.test(text);
}

async function send(
  state: NntpServerSession,
  code: number,
  field: string,
  wanted: Wanted,
  patterns: readonly Matcher[] | undefined,
): Promise<void> {
  const pieces = await state.options.store.overview(wanted.group, wanted.range);
  if (pieces === undefined) throw new Refusal(423, "no articles in that range");
  await state.reply(code, "header follows");
  await state.sendText(encodeLines(valuesOf(state, field, wanted, pieces, patterns)));
}

async function* valuesOf(
  state: NntpServerSession,
  field: string,
  { group, isById }: Wanted,
  pieces: AsyncIterable<Uint8Array>,
  patterns: readonly Matcher[] | undefined,
): AsyncGenerator<string> {
  const name = field.toLowerCase();
  const place = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined;
  const turns = new Turns(state.options.signal);
  const lines = new TextLines({ encoding: "utf-8", maxLineLength: MAX_LINE_LENGTH });
  for await (const piece of pieces) {
    lines.add(piece);
    for (const line of lines.take()) {
      if (turns.isDue) await turns.pause();
      const fields = line.split("\t");
      const number = Number(fields[0]);
      const value = place === undefined
        ? await fieldOf(state, group, number, name)
        : (fields[place] ?? "").replace(name === "xref" ? /^Xref: /i : "", "");
      if (value === undefined) continue;
      const isWanted = patterns?.some((pattern) => pattern(value)) ?? true;
      if (isWanted) yield `${isById ? 0 : number} ${value}`;
    }
  }
}

/** The value of a field that no overview has; undefined if the article is not there any more. */
async function fieldOf(
  { options: { store } }: NntpServerSession,
  group: string,
  number: number,
  name: string,
): Promise<string | undefined> {
  const text = await store.read(group, number);
  if (text === undefined) return undefined;
  const { header, rest } = await splitMessage(text);
  // Closes the file.
  await rest[Symbol.asyncIterator]().return?.();
  return (header.get(name) ?? "").replace(/[\0\t\r\n]/g, " ");
}
