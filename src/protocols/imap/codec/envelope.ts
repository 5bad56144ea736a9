/**
 * Envelopes: header fields of a message, parsed by the server (RFC 9051 §7.5.2).
 *
 * @module
 */

import { decodeWords, type MailAddress, type Mailbox, parseMailDate } from "../../../mime/mod.ts";
import type { ImapValue } from "./cursor.ts";

/** Fields of a message's header, decoded. */
export interface ImapEnvelope {
  /** The moment in `Date`; undefined if there is none, or it is malformed. */
  readonly date: Date | undefined;
  /** The subject; empty if there is none. */
  readonly subject: string;
  /** `From`. */
  readonly from: readonly MailAddress[];
  /** `Sender`; servers repeat `From` here if the message has none. */
  readonly sender: readonly MailAddress[];
  /** `Reply-To`; servers repeat `From` here if the message has none. */
  readonly replyTo: readonly MailAddress[];
  /** `To`. */
  readonly to: readonly MailAddress[];
  /** `Cc`. */
  readonly cc: readonly MailAddress[];
  /** `Bcc`. */
  readonly bcc: readonly MailAddress[];
  /** `In-Reply-To`; undefined if there is none. */
  readonly inReplyTo: string | undefined;
  /** `Message-ID`; undefined if there is none. */
  readonly messageId: string | undefined;
}

/** Maximum number of addresses of one field that are read. */
const MAX_ADDRESSES = 100_000;

/**
 * Reads an envelope; missing fields and those of another kind count as absent.
 *
 * @param value The list.
 * @returns The envelope; undefined for another value.
 */
export function toEnvelope(value: ImapValue): ImapEnvelope | undefined {
  if (!isList(value)) return undefined;
  const [date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId] = value;
  return {
    date: parseMailDate(textOf(date)?.slice(0, 200) ?? "")?.date,
    subject: oneLine(decodeWords(textOf(subject) ?? "")),
    from: toAddresses(from),
    sender: toAddresses(sender),
    replyTo: toAddresses(replyTo),
    to: toAddresses(to),
    cc: toAddresses(cc),
    bcc: toAddresses(bcc),
    inReplyTo: oneLine(textOf(inReplyTo)) || undefined,
    messageId: oneLine(textOf(messageId)) || undefined,
  };
}

/** Reads addresses: `(name route mailbox host)`; without a host, the beginning or the end of a group. */
function toAddresses(value: ImapValue | undefined): MailAddress[] {
  const addresses: MailAddress[] = [];
  if (!isList(value)) return addresses;
  let group: Mailbox[] | undefined;
  for (const entry of value.slice(0, MAX_ADDRESSES)) {
    if (!isList(entry)) continue;
    const [name, local, host] = [textOf(entry[0]), textOf(entry[2]), textOf(entry[3])];
    if (host === undefined) {
      if (local === undefined) group = undefined;
      else {
        group = [];
        addresses.push({ group: oneLine(decodeWords(local)), members: group });
      }
      continue;
    }
    const address = `${local ?? ""}@${host}`;
    const mailbox: Mailbox = {
      ...(name !== undefined && name !== "" && { name: oneLine(decodeWords(name)) }),
      address: address === "@" ? "" : oneLine(address),
    };
    (group ?? addresses).push(mailbox);
  }
  return addresses;
}

/** Line ends in a header are folding. */
function oneLine(text: string): string;
function oneLine(text: string | undefined): string | undefined;
function oneLine(text: string | undefined): string | undefined {
  if (text === undefined || !/[\r\n\0]/.test(text)) return text;
  return text.replaceAll(/\r\n(?=[ \t])/g, "").replaceAll(/[\r\n\0]/g, " ");
}

/**
 * Checks for a list.
 *
 * @param value Any value.
 * @returns Whether it is one.
 */
export function isList(value: ImapValue | undefined): value is readonly ImapValue[] {
  return Array.isArray(value);
}

/**
 * Takes a text.
 *
 * @param value Any value.
 * @returns The text; undefined for `NIL`, a list, or nothing.
 */
export function textOf(value: ImapValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
