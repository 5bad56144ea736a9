/**
 * Lists of mailboxes, and their totals (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154, RFC 8438).
 *
 * @module
 */

import { decodeFolderName, encodeFolderName } from "../../../net/internal.ts";
import { ReplyError } from "../../../net/mod.ts";
import {
  astring,
  checkMailboxName,
  type CommandPiece,
  mailboxPiece,
} from "../codec/command_piece.ts";
import { decodeText, type ImapValue, toBytes } from "../codec/cursor.ts";
import type { ListData } from "../codec/response.ts";
import { type SpecialUse, specialUseOf, usualUseOf } from "../codec/special_use.ts";
import type { ImapSession } from "./session.ts";

/** Totals of a mailbox; items that the server does not know are absent. */
export interface MailboxStatus {
  /** How many messages there are. */
  readonly messages?: number;
  /** How many messages do not have the flag `\Seen`. */
  readonly unseen?: number;
  /** The identifier that the next message gets, at least. */
  readonly uidNext?: number;
  /** Changes when identifiers are given anew. */
  readonly uidValidity?: number;
  /** Size of all messages, in bytes (RFC 8438). */
  readonly size?: number;
  /** The modification sequence of the last change (RFC 7162). */
  readonly highestModseq?: bigint;
  /** An identifier that stays the same when it is renamed (RFC 8474). */
  readonly mailboxId?: string;
}

/** A mailbox of a list. */
export interface ListedMailbox {
  /** Its name. */
  readonly name: string;
  /** The character between the levels of names; undefined for names without levels. */
  readonly delimiter: string | undefined;
  /** Attributes, such as `\Noselect`, as the server writes them. */
  readonly attributes: readonly string[];
  /** Its use; guessed by its name if the server states it for no mailbox. */
  readonly specialUse: SpecialUse | undefined;
  /** Whether it can be opened. */
  readonly isSelectable: boolean;
  /** Whether the user has subscribed to it; undefined if that was not asked for. */
  readonly isSubscribed: boolean | undefined;
  /** Its totals, if they were requested and the server sends them. */
  readonly status: MailboxStatus | undefined;
}

/** Which mailboxes are listed, and what of them. */
export interface ListOptions {
  /** Names with `*` for anything, and `%` for anything in one level. @default {"*"} */
  readonly pattern?: string;
  /** Whether only those that the user has subscribed to are listed. @default {false} */
  readonly subscribed?: boolean;
  /** Whether the contents of each are asked for. @default {false} */
  readonly status?: boolean;
}

/** How names of mailboxes are written. */
export interface NameSession {
  /** Whether they are in UTF-8. */
  readonly hasUtf8Names: boolean;
  /** Names as the server writes them, where we would write them in another way. */
  readonly rawNames: ReadonlyMap<string, string>;
}

/** Maximum number of mailboxes that are kept. */
const MAX_MAILBOXES = 100_000;

/**
 * Writes the name of a mailbox, as the server has written it.
 *
 * @param session The session.
 * @param name The name.
 * @returns The piece.
 * @throws {UsageError} If it cannot be a name.
 */
export function mailboxName(session: NameSession, name: string): CommandPiece {
  checkMailboxName(name);
  const raw = session.rawNames.get(name);
  if (raw === undefined) return mailboxPiece(name, session.hasUtf8Names);
  return { size: raw.length, content: [toBytes(raw)] };
}

/**
 * Lists mailboxes.
 *
 * @param session The session.
 * @param options Which.
 * @returns The mailboxes in the order of the server.
 */
export async function listMailboxes(
  session: ImapSession,
  options: ListOptions,
): Promise<ListedMailbox[]> {
  const { pattern = "*", subscribed = false, status = false } = options;
  const { capabilities } = session;
  const isExtended = capabilities.has("LIST-EXTENDED") || capabilities.has("IMAP4REV2");
  const asksStatus = status && (capabilities.has("LIST-STATUS") || capabilities.has("IMAP4REV2"));
  const found = new Map<string, ListData>();
  const statuses = new Map<string, MailboxStatus>();
  const verb = isExtended || !subscribed ? "LIST" : "LSUB";
  const returns = [
    ...(isExtended ? ["SUBSCRIBED"] : []),
    ...(isExtended && capabilities.has("SPECIAL-USE") ? ["SPECIAL-USE"] : []),
    ...(asksStatus ? [`STATUS (${statusItems(session)})`] : []),
  ];
  await session.connection.execute({
    verb,
    pieces: [
      isExtended && subscribed ? '(SUBSCRIBED) "" ' : '"" ',
      patternPiece(session, pattern),
      ...(returns.length > 0 ? [` RETURN (${returns.join(" ")})`] : []),
    ],
    topic: "list",
    onData(response) {
      if (response.kind === "list" || response.kind === "lsub") {
        if (found.size < MAX_MAILBOXES) found.set(response.data.name, response.data);
        return true;
      }
      if (response.kind !== "mailbox-status") return false;
      if (statuses.size < MAX_MAILBOXES) statuses.set(response.name, toStatus(response.values));
      return true;
    },
  });
  if (session.rawNames.size > MAX_MAILBOXES) session.rawNames.clear();
  const list = [...found.values()].map((data) =>
    toListed(session, data, {
      isSubscribed: verb === "LSUB" || undefined,
      isExtended,
      status: statuses.get(data.name),
    })
  );
  // Of two mailboxes that look alike, the one that is written as it should be has the name.
  for (const name of session.rawNames.keys()) {
    if (found.has(encodeFolderName(name))) session.rawNames.delete(name);
  }
  const named = withUsualUses(list);
  return status && !asksStatus ? await withStatuses(session, named) : named;
}

function patternPiece(session: ImapSession, pattern: string): CommandPiece {
  checkMailboxName(pattern);
  return session.hasUtf8Names ? astring(pattern, true) : astring(encodePattern(pattern));
}

/** Encodes the text between the wildcards, which are ASCII. */
function encodePattern(pattern: string): string {
  return pattern.split(/([*%])/).map((text) => encodeFolderName(text)).join("");
}

function toListed(
  session: ImapSession,
  { name: raw, delimiter, attributes }: ListData,
  details: {
    readonly isSubscribed: boolean | undefined;
    readonly isExtended: boolean;
    readonly status: MailboxStatus | undefined;
  },
): ListedMailbox {
  const name = nameOf(session, raw);
  const has = (attribute: string): boolean =>
    attributes.some((known) => known.toLowerCase() === attribute);
  return {
    name,
    delimiter,
    attributes,
    specialUse: specialUseOf(attributes),
    isSelectable: !has("\\noselect") && !has("\\nonexistent"),
    isSubscribed: details.isExtended ? has("\\subscribed") : details.isSubscribed,
    status: details.status,
  };
}

/** Decodes a name; what cannot be encoded again is kept as the server writes it. */
function nameOf(session: ImapSession, raw: string): string {
  if (/^inbox$/i.test(raw)) return "INBOX";
  const isAscii = !/[^\0-\x7f]/.test(raw);
  if (session.hasUtf8Names && isAscii) return raw;
  const decoded = session.hasUtf8Names ? undefined : decodeFolderName(raw);
  if (decoded !== undefined) return decoded;
  const name = decodeText(raw);
  if (!session.hasUtf8Names) session.rawNames.set(name, raw);
  return name;
}

/** Names say what mailboxes are for where no attribute does. */
function withUsualUses(list: readonly ListedMailbox[]): ListedMailbox[] {
  if (list.some(({ specialUse }) => specialUse !== undefined)) return [...list];
  const taken = new Set<SpecialUse>();
  return list.map((mailbox) => {
    const { name, delimiter } = mailbox;
    const last = delimiter === undefined ? name : name.slice(name.lastIndexOf(delimiter) + 1);
    const specialUse = usualUseOf(last);
    if (specialUse === undefined || taken.has(specialUse)) return mailbox;
    taken.add(specialUse);
    return { ...mailbox, specialUse };
  });
}

/** Asks for each, several at once. */
async function withStatuses(
  session: ImapSession,
  list: readonly ListedMailbox[],
): Promise<ListedMailbox[]> {
  return await Promise.all(list.map(async (mailbox) => {
    if (!mailbox.isSelectable) return mailbox;
    try {
      const piece = mailboxName(session, mailbox.name);
      return { ...mailbox, status: await requestStatus(session, piece) };
    } catch (error) {
      // Some cannot be read, or are gone by now.
      if (error instanceof ReplyError) return mailbox;
      throw error;
    }
  }));
}

/**
 * Requests the totals of a mailbox.
 *
 * @param session The session.
 * @param name Its name.
 * @returns The totals.
 */
export async function requestStatus(
  session: ImapSession,
  name: CommandPiece,
): Promise<MailboxStatus> {
  let status: MailboxStatus = {};
  await session.connection.execute({
    verb: "STATUS",
    pieces: [name, ` (${statusItems(session)})`],
    topic: "list",
    onData(response) {
      if (response.kind !== "mailbox-status") return false;
      status = toStatus(response.values);
      return true;
    },
  });
  return status;
}

function statusItems({ capabilities }: ImapSession): string {
  return [
    "MESSAGES",
    "UNSEEN",
    "UIDNEXT",
    "UIDVALIDITY",
    ...(capabilities.has("STATUS=SIZE") || capabilities.has("IMAP4REV2") ? ["SIZE"] : []),
    ...(capabilities.has("CONDSTORE") ? ["HIGHESTMODSEQ"] : []),
    ...(capabilities.has("OBJECTID") ? ["MAILBOXID"] : []),
  ].join(" ");
}

function toStatus(values: ReadonlyMap<string, ImapValue>): MailboxStatus {
  const number = (name: string): number | undefined => {
    const value = values.get(name);
    const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
    return Number.isSafeInteger(number) ? number : undefined;
  };
  const modseq = values.get("HIGHESTMODSEQ");
  const id = values.get("MAILBOXID");
  const [mailboxId] = Array.isArray(id) ? id : [];
  const status = {
    messages: number("MESSAGES"),
    unseen: number("UNSEEN"),
    uidNext: number("UIDNEXT"),
    uidValidity: number("UIDVALIDITY"),
    size: number("SIZE"),
    highestModseq: typeof modseq === "string" && /^\d{1,19}$/.test(modseq)
      ? BigInt(modseq)
      : undefined,
    mailboxId: typeof mailboxId === "string" ? mailboxId : undefined,
  };
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}
