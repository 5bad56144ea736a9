/**
 * Adding messages to a mailbox (RFC 9051 §6.3.12, RFC 3502, RFC 4315, RFC 6855, RFC 7889).
 *
 * @module
 */

import { CrlfEncoder } from "../../../net/internal.ts";
import { LimitError, ReplyError, UsageError } from "../../../net/mod.ts";
import { type CommandPiece, flagList, type Literal } from "../codec/command_piece.ts";
import { formatDateTime } from "../codec/date.ts";
import type { StatusResponse } from "../codec/response.ts";
import { parseUidSet } from "../codec/uid_set.ts";
import { mailboxName } from "./list.ts";
import type { ImapSession } from "./session.ts";

/** A message that is added. */
export interface AppendedMessage {
  /** Its text. Whole bytes may have any line ends; a stream of exactly `size` bytes must have CRLF. */
  readonly content: Uint8Array | {
    /** Number of bytes. */
    readonly size: number;
    /** The bytes. */
    readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  };
  /** Its flags. */
  readonly flags?: readonly string[] | undefined;
  /** When it was received; now if absent. */
  readonly internalDate?: Date | undefined;
}

/** The messages in the mailbox, if the server names them (UIDPLUS, RFC 4315). */
export interface AppendedUids {
  /** The UIDVALIDITY of the mailbox. */
  readonly uidValidity: number;
  /** The identifiers of the messages, in their order. */
  readonly uids: readonly number[];
}

/** Number of messages in a command (RFC 3502). */
const BATCH = 50;

/**
 * Adds messages.
 *
 * @param session The session.
 * @param mailbox The mailbox.
 * @param messages The messages.
 * @returns Their identifiers, if the server names all.
 */
export async function appendMessages(
  session: ImapSession,
  mailbox: string,
  messages: readonly AppendedMessage[],
): Promise<AppendedUids | undefined> {
  const name = mailboxName(session, mailbox);
  const limit = appendLimit(session);
  const prepared = messages.map((message) => prepare(session, message, limit));
  const batch = session.capabilities.has("MULTIAPPEND") ? BATCH : 1;
  const uids: number[] = [];
  let uidValidity: number | undefined;
  for (let at = 0; at < prepared.length; at += batch) {
    const some = prepared.slice(at, at + batch);
    const completion = await session.connection.execute({
      verb: "APPEND",
      pieces: [name, ...some.flat()],
    });
    const named = readAppendUid(completion);
    if (named === undefined) continue;
    uidValidity = named.uidValidity;
    uids.push(...named.uids);
  }
  return uidValidity === undefined || uids.length !== messages.length
    ? undefined
    : { uidValidity, uids };
}

/** The largest message that the server takes (RFC 7889). */
function appendLimit({ capabilities }: ImapSession): number {
  for (const name of capabilities) {
    const [, limit] = /^APPENDLIMIT=(\d{1,15})$/.exec(name) ?? [];
    if (limit !== undefined) return Number(limit);
  }
  return Infinity;
}

function prepare(
  session: ImapSession,
  { content, flags = [], internalDate }: AppendedMessage,
  limit: number,
): CommandPiece[] {
  const bytes = content instanceof Uint8Array ? new CrlfEncoder().encode(content) : undefined;
  const size = content instanceof Uint8Array ? bytes!.length : content.size;
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new UsageError("a message must have a size of 1 byte or more");
  }
  if (size > limit) {
    throw new LimitError(`the server takes messages up to ${limit} bytes, not ${size}`, {
      operation: "add a message",
      peer: session.connection.peer,
      limit,
    });
  }
  const isUtf8 = session.enabled.has("UTF8=ACCEPT") && bytes !== undefined && !isAsciiHead(bytes);
  const literal: Literal = {
    size,
    content: content instanceof Uint8Array ? [bytes!] : content.pieces,
    ...(isUtf8 && { isBinary: true }),
  };
  if (internalDate !== undefined && Number.isNaN(internalDate.getTime())) {
    throw new UsageError("the date of a message is not valid");
  }
  return [
    flags.length > 0 ? ` ${flagList(flags)}` : "",
    internalDate === undefined ? "" : ` "${formatDateTime(internalDate)}"`,
    ...(isUtf8 ? [" UTF8 (", literal, ")"] : [" ", literal]),
  ];
}

function isAsciiHead(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! > 127) return false;
    if (bytes[at] === 10 && (bytes[at + 1] === 13 || bytes[at + 1] === 10)) return true;
  }
  return true;
}

/** Reads `APPENDUID 38505 3955:3957`. */
function readAppendUid({ code }: StatusResponse): AppendedUids | undefined {
  if (code?.name !== "APPENDUID") return undefined;
  const [validity, set] = code.values.map(String);
  const uids = parseUidSet(set ?? "", BATCH);
  if (!/^\d{1,10}$/.test(validity ?? "") || uids === undefined) return undefined;
  return { uidValidity: Number(validity), uids };
}

/**
 * Checks whether a refusal means that the mailbox is missing, and should be made.
 *
 * @param error Any error.
 * @returns Whether it does.
 */
export function wantsMailbox(error: unknown): boolean {
  return error instanceof ReplyError && imapResponseCode(error) === "TRYCREATE";
}

/**
 * Reads the code of a refusal, such as `TRYCREATE`, `OVERQUOTA` or `AUTHENTICATIONFAILED` (RFC 5530).
 *
 * @param error The refusal.
 * @returns The code in upper case; undefined if the server gives none.
 *
 * @example A code
 * ```ts
 * import { ReplyError, Tainted } from "@netwright/netwright/net";
 * import { imapResponseCode } from "@netwright/netwright/imap";
 * const lines = [new Tainted("[TRYCREATE] no such mailbox")];
 * const error = new ReplyError("NO [TRYCREATE] no such mailbox", { code: "NO", lines });
 * if (imapResponseCode(error) !== "TRYCREATE") throw new Error("no code");
 * ```
 */
export function imapResponseCode(error: ReplyError): string | undefined {
  return error.lines[0]?.validate((line) => /^\[([A-Z0-9-]{1,50})\]/.exec(line)?.[1]);
}
