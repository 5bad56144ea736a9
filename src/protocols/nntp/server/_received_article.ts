/**
 * An article on its way from a client: its header, its limits, and what any server checks (RFC 5536 §3, RFC 5537 §3.5).
 *
 * @module
 */

import { concat, trimBlanks } from "../../../net/internal.ts";
import { LimitError, ProtocolError } from "../../../net/mod.ts";
import { splitMessage, withoutFields } from "../../../mime/internal.ts";
import { type Header, mailboxesOf, parseAddresses, parseMailDate } from "../../../mime/mod.ts";
import type { CommandSession } from "../../wire/mod.ts";
import { isGroupName } from "../codec/groups.ts";
import { isMessageId } from "../codec/message_id.ts";
import { Unacceptable } from "./_refusal.ts";

/** Largest header, in bytes. */
const MAX_HEADER_BYTES = 131_072;
/** Longest line of a header, in bytes without its end (RFC 5536 §2.2). */
const MAX_HEADER_LINE = 998;
/** How much of an unwanted article is read to find its end, beside its largest size, in bytes. */
const MAX_SKIPPED_BYTES = 67_108_864;
/** How far a date may be in the future, in milliseconds (RFC 5537 §3.5). */
const MAX_FUTURE_MS = 24 * 60 * 60 * 1000;

/** Fields that an article has once at most (RFC 5536 §3, §3.2). */
const SINGLE = [
  ...["from", "newsgroups", "subject", "message-id", "date", "path"],
  ...["approved", "control", "supersedes", "followup-to", "references", "injection-date"],
];

/** An article whose header has been read. */
export interface ReceivedArticle {
  /** Its header. */
  readonly header: Header;
  /** Its groups, each once. */
  readonly groups: readonly string[];
  /** Its identifier; undefined if it has none. */
  readonly messageId: string | undefined;
  /** Its date; undefined if it has none. */
  readonly date: Date | undefined;
  /** Its body, lines ending with CRLF; to be read once. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The result of taking an article, or the error. */
export type Received<T> = { readonly result: T } | { readonly error: unknown };

/**
 * Reads an article to its end, whatever becomes of it.
 *
 * @param session The session; the client sends the article.
 * @param maxBytes Its largest size.
 * @param take Takes the article.
 * @returns The result of taking it, or the error: `Unacceptable` if the article cannot be taken.
 * @throws {LimitError|DisconnectedError} If it does not end; the session is over then.
 */
export async function receiveArticle<T>(
  session: CommandSession,
  maxBytes: number,
  take: (article: ReceivedArticle) => Promise<T>,
): Promise<Received<T>> {
  const text = session.readText({ maxBytes: maxBytes + MAX_SKIPPED_BYTES });
  let isOver = false;
  /** What ended the session itself. */
  let failure: { readonly error: unknown } | undefined;
  /** The next piece; undefined at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    if (isOver) return undefined;
    try {
      const { value, done } = await text.next();
      isOver = done === true;
      return done ? undefined : value;
    } catch (error) {
      isOver = true;
      // Known at the end of the text only: the session is in step.
      if (error instanceof ProtocolError) throw new Unacceptable("it holds a bare CR or LF");
      failure = { error };
      throw error;
    }
  };
  const checked = async function* (): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for (let piece; (piece = await next()) !== undefined;) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new Unacceptable(`it is larger than ${maxBytes} bytes`);
      if (piece.includes(0)) throw new Unacceptable("it holds NUL");
      yield piece;
    }
  };
  let received: Received<T>;
  try {
    received = { result: await take(await readHead(checked())) };
  } catch (error) {
    received = { error };
  }
  // Errors in the rest do not matter any more.
  while (!isOver) await next().catch(() => {});
  if (failure !== undefined) throw failure.error;
  return received;
}

async function readHead(text: AsyncGenerator<Uint8Array>): Promise<ReceivedArticle> {
  let split;
  try {
    split = await splitMessage(text, { maxHeaderBytes: MAX_HEADER_BYTES });
  } catch (error) {
    if (error instanceof LimitError) throw new Unacceptable("its header is too long");
    throw error;
  }
  const { header, rest } = split;
  checkHeader(header);
  const dateText = header.get("date");
  const date = dateText === undefined ? undefined : parseMailDate(dateText)?.date;
  if (dateText !== undefined && date === undefined) {
    throw new Unacceptable("its Date is malformed");
  }
  return {
    header,
    groups: groupsOf(header.get("newsgroups")!),
    messageId: messageIdOf(header, "message-id"),
    date,
    body: withoutEmptyLine(rest),
  };
}

function checkHeader(header: Header): void {
  const names = header.fields.map(({ name }) => name.toLowerCase());
  for (const name of SINGLE) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new Unacceptable(`it has ${nameOf(name)} twice`);
    }
  }
  for (const name of ["from", "newsgroups", "subject"]) {
    if ((header.get(name) ?? "") === "") throw new Unacceptable(`it has no ${nameOf(name)}`);
  }
  // The length of lines counts before unfolding.
  for (const line of new TextDecoder("latin1").decode(header.bytes).split("\r\n")) {
    if (line.length > MAX_HEADER_LINE) {
      throw new Unacceptable(`a line of its header is longer than ${MAX_HEADER_LINE} bytes`);
    }
    if (line !== "" && !/^(?:[ \t]|[!-9;-~]+[ \t]*:)/.test(line)) {
      throw new Unacceptable("a line of its header is not a field");
    }
    if (/^[ \t]+$/.test(line)) throw new Unacceptable("a line of its header is blank");
  }
  const { addresses } = parseAddresses(header.get("from")!);
  const hasAddress = mailboxesOf(addresses).some(({ address }) => /^.+@.+$/.test(address));
  if (!hasAddress) throw new Unacceptable("its From has no address");
  const followup = header.get("followup-to");
  if (followup !== undefined && followup.toLowerCase() !== "poster") groupsOf(followup);
}

function nameOf(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/Message-Id/, "Message-ID");
}

/** Reads a list of groups. */
function groupsOf(text: string): string[] {
  const groups = text.split(",").map(trimBlanks).filter((name) => name !== "");
  const malformed = groups.find((name) => !isGroupName(name));
  if (malformed !== undefined || groups.length === 0) {
    throw new Unacceptable("its Newsgroups is malformed");
  }
  return [...new Set(groups)];
}

/** Reads a field with one identifier. */
function messageIdOf(header: Header, name: string): string | undefined {
  const text = header.get(name);
  if (text === undefined) return undefined;
  if (isMessageId(text)) return text;
  throw new Unacceptable(`its ${nameOf(name)} is malformed`);
}

/** The body behind the empty line. */
async function* withoutEmptyLine(rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let skipped = 0;
  for await (const piece of rest) {
    const count = Math.min(2 - skipped, piece.length);
    skipped += count;
    if (count < piece.length) yield count === 0 ? piece : piece.subarray(count);
  }
}

/**
 * Checks the age of an article.
 *
 * @param date Its date.
 * @param now The time now.
 * @param maxAgeMs From which age it is not taken, in milliseconds.
 * @throws {Unacceptable} If it is too old, or from the future.
 */
export function checkDate(date: Date, now: Date, maxAgeMs: number): void {
  const age = now.getTime() - date.getTime();
  if (age > maxAgeMs) throw new Unacceptable("its Date is too far in the past");
  if (age < -MAX_FUTURE_MS) throw new Unacceptable("its Date is in the future");
}

/**
 * Makes the header of an article that is kept.
 *
 * @param header The header that came.
 * @param without Names of fields that are left out, in lower case.
 * @param before Fields that are put first, each ending with CRLF.
 * @param after Fields that are put last.
 * @returns The header's lines.
 */
export function newHeader(
  header: Header,
  without: readonly string[],
  before: string,
  after: string,
): Uint8Array {
  const encoder = new TextEncoder();
  return concat([
    encoder.encode(before),
    withoutFields(header.bytes, without),
    encoder.encode(after),
  ]);
}

/**
 * Returns the fields of an article in overviews: subject, from, date, identifier and references.
 *
 * @param header Its header.
 * @param messageId Its identifier, if the header has none yet.
 * @param date Its date, if the header has none yet.
 * @returns The fields without tabs and line breaks (RFC 3977 §8.3.2), with tabs between.
 */
export function overviewOf(header: Header, messageId: string, date: string): Uint8Array {
  const lines = new Map<string, string>();
  // Bytes of any charset are kept: each is a character here.
  const text = fromBytes(header.bytes).replace(/\r?\n(?=[ \t])/g, "");
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ""] = /^([!-9;-~]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name !== undefined) lines.set(name.toLowerCase(), value.replace(/[\0\t\r]/g, " "));
  }
  const of = (name: string) => lines.get(name) ?? "";
  const fields = [of("subject"), of("from"), of("date") || date, messageId, of("references")];
  return Uint8Array.from(fields.join("\t"), (character) => character.charCodeAt(0));
}

/** Bytes as characters of the same number. */
function fromBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
