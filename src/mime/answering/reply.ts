/**
 * Drafts of replies, of forwarded messages, and of messages that are resent unchanged (RFC 5322 §3.6).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { type MailAddress, type Mailbox, mailboxesOf } from "../header/address.ts";
import { type Attachment, type MessageDraft, randomMessageId } from "../writing/compose.ts";
import { formatMailDate } from "../header/date.ts";
import { type Entity, parseMessage } from "../reading/entity.ts";
import { formatAddresses, isAddress } from "../header/format_addresses.ts";
import { formatField } from "../header/format_field.ts";
import type { Header } from "../header/header.ts";
import { plainText, readableParts } from "../reading/readable_parts.ts";

/** Most identifiers in References: the first, and the last of the others. */
const MAX_REFERENCES = 50;

/** How a reply is made. */
export interface ReplyOptions {
  /** The author. Replies to one's own message go to its recipients. */
  readonly from?: Mailbox | undefined;
  /** More addresses of the author, who gets no copy of it. @default {[]} */
  readonly own?: readonly string[];
  /** Whether all who got the message get the reply. @default {false} */
  readonly all?: boolean;
  /** The reply. @default {""} */
  readonly text?: string | undefined;
  /** Where the message is quoted: before the reply, after it, or not at all. @default {"before"} */
  readonly quote?: "before" | "after" | "none" | undefined;
  /** The quoted text. @default the message's text; nothing if it has only HTML */
  readonly quoted?: string | undefined;
}

/** A reply that can be composed. */
export interface ReplyDraft extends MessageDraft {
  /** Addresses of the message that are none, and so get no reply; not cleaned to be shown. */
  readonly leftOut: readonly string[];
}

/**
 * Drafts a reply.
 *
 * @param message The message to reply to.
 * @param options Who answers, and what.
 * @returns The draft: recipients, subject, `In-Reply-To`, `References` (RFC 5322 §3.6.4) and the text.
 *
 * @example The recipient of a reply
 * ```ts
 * import { parseMessage, createReply } from "@netwright/netwright/mime";
 * const message = parseMessage(new TextEncoder().encode(
 *   "From: ann@example.org\r\nSubject: Tea\r\nMessage-ID: <1@example.org>\r\n\r\nAt four?\r\n",
 * ));
 * const draft = createReply(message, { text: "Yes.\n" });
 * if (draft.subject !== "Re: Tea" || draft.inReplyTo !== "<1@example.org>") throw new Error("other");
 * if (!draft.text?.endsWith("> At four?\n\nYes.\n")) throw new Error(draft.text);
 * ```
 */
export function createReply(message: Entity, options: ReplyOptions = {}): ReplyDraft {
  const { from, all = false, own = [] } = options;
  const { header } = message;
  const mine = new Set([...own, ...from === undefined ? [] : [from.address]].map(folded));
  const leftOut = new Set<string>();
  const others = (list: readonly MailAddress[]): Mailbox[] =>
    mailboxesOf(list).filter(({ name, address }) => {
      if (address === "" || mine.has(folded(address))) return false;
      const isGood = isAddress(address);
      if (!isGood) leftOut.add(name === undefined ? address : `${name} <${address}>`);
      return isGood;
    });
  const authors = first(header, "reply-to", "from");
  // One's own message is answered to those who got it.
  const isOwn = authors.length > 0 &&
    mailboxesOf(authors).every(({ address }) => address === "" || mine.has(folded(address)));
  const isNobodys = mailboxesOf(authors).every(({ address }) => address === "");
  const to = isOwn || all && isNobodys ? others(header.addresses("to")) : others(authors);
  const known = new Set(to.map(({ address }) => folded(address)));
  const copies = all ? [...isOwn ? [] : header.addresses("to"), ...header.addresses("cc")] : [];
  return {
    from: from === undefined ? [] : [from],
    to,
    cc: others(copies).filter(({ address }) => {
      const isNew = !known.has(folded(address));
      known.add(folded(address));
      return isNew;
    }),
    subject: prefixed("Re: ", /^re(?:\[\d+\])?:\s*/i, header),
    ...threadingHeaders(header),
    text: replyText(message, options),
    leftOut: [...leftOut],
  };
}

/** How a message is forwarded. */
export interface ForwardOptions {
  /** Who forwards it. */
  readonly from?: Mailbox | undefined;
  /** The recipients. */
  readonly to: readonly MailAddress[];
  /** The comment. @default {""} */
  readonly text?: string | undefined;
  /** Whether it is quoted in the text, its files beside it, or attached unchanged as `message/rfc822`. @default {"attachment"} */
  readonly as?: "attachment" | "text" | undefined;
  /** The text that stands for it. @default the message's text; nothing if it has only HTML */
  readonly quoted?: string | undefined;
}

/**
 * Drafts a message that forwards another one.
 *
 * @param bytes The message that is forwarded.
 * @param options The recipients, and how.
 * @returns The draft.
 * @throws {MessageLimitError} If the message has too much of something.
 */
export function createForward(bytes: Uint8Array, options: ForwardOptions): MessageDraft {
  const { from, to, text = "", as = "attachment" } = options;
  const message = parseMessage(bytes, { wholeMessages: true });
  const { header } = message;
  const ids = header.messageIds("message-id").slice(0, 1);
  const draft = {
    from: from === undefined ? [] : [from],
    to,
    subject: prefixed("Fwd: ", /^(?:fwd?|wg):\s*/i, header),
    references: ids,
  };
  if (as === "attachment") {
    const name = `${(header.text("subject") || "message").slice(0, 60)}.eml`;
    const attachment = { name, type: "message/rfc822", content: withCleanHeader(bytes) };
    return { ...draft, text: text || undefined, attachments: [attachment] };
  }
  const { text: part, html, files } = readableParts(message);
  const quoted = options.quoted ?? (part === undefined ? "" : plainText(part));
  // HTML that no text stands for goes along as a file.
  const rest = html !== undefined && part === undefined ? [html, ...files] : files;
  return {
    ...draft,
    text: `${text === "" ? "" : `${withEnd(text)}\n`}${forwardedHead(header)}\n${quoted}`,
    attachments: rest.map(fileOf),
  };
}

/** A message whose header has no CR by itself, which would become a line of its own, and no NUL. */
function withCleanHeader(bytes: Uint8Array): Uint8Array {
  const [LF, CR] = [0x0a, 0x0d];
  let clean: Uint8Array | undefined;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === LF) {
      const next = bytes[at + 1] === CR ? bytes[at + 2] : bytes[at + 1];
      if (next === LF) break;
    } else if (byte === 0 || byte === CR && bytes[at + 1] !== LF) {
      clean ??= bytes.slice();
      clean[at] = 0x20;
    }
  }
  return clean ?? bytes;
}

/** Who sends a message on. */
export interface ResentBy {
  /** The user who resends it. */
  readonly from: Mailbox;
  /** The recipients. */
  readonly to: readonly MailAddress[];
  /** When. @default now */
  readonly date?: Date;
  /** The identifier with angle brackets. @default a random one */
  readonly messageId?: string;
}

/**
 * Puts the fields of resending before a message, which stays unchanged (RFC 5322 §3.6.6).
 *
 * @param bytes The message.
 * @param by The user who resends it, and the recipients.
 * @returns The message with these fields.
 */
export function addResentHeaders(bytes: Uint8Array, by: ResentBy): Uint8Array {
  const { date = new Date(), messageId = randomMessageId({ from: [by.from] }) } = by;
  const fields = formatField("Resent-Date", [formatMailDate(date)]) +
    formatField("Resent-From", formatAddresses([by.from])) +
    formatField("Resent-To", formatAddresses(by.to)) +
    formatField("Resent-Message-ID", [messageId]);
  return concat([new TextEncoder().encode(fields), bytes]);
}

/**
 * Returns the references of a reply to the messages before it (RFC 5322 §3.6.4).
 *
 * @param header The header of the original message.
 * @returns The two fields; the second without a middle if it would be long.
 */
export function threadingHeaders(header: Header): Pick<MessageDraft, "inReplyTo" | "references"> {
  const [id] = header.messageIds("message-id");
  const before = header.messageIds("references");
  const parents = header.messageIds("in-reply-to");
  const thread = [...before.length > 0 || parents.length !== 1 ? before : parents];
  if (id !== undefined) thread.push(id);
  if (thread.length > MAX_REFERENCES) thread.splice(1, thread.length - MAX_REFERENCES);
  return { inReplyTo: id, references: thread };
}

function replyText(message: Entity, options: ReplyOptions): string {
  const { text = "", quote = "before" } = options;
  const part = readableParts(message).text;
  const quoted = options.quoted ?? (part === undefined ? undefined : plainText(part));
  if (quote === "none" || quoted === undefined || quoted.trim() === "") return text;
  const quotation = `${attribution(message.header)}\n${quotedLines(quoted)}`;
  if (text === "") return quotation;
  return quote === "before" ? `${quotation}\n${text}` : `${withEnd(text)}\n${quotation}`;
}

/** The lines with their signs; without a signature (RFC 3676 §4.3) and empty lines at the end. */
function quotedLines(text: string): string {
  const lines = text.split("\n");
  const signature = lines.indexOf("-- ");
  const kept = (signature < 0 ? lines : lines.slice(0, signature)).join("\n").trimEnd();
  return kept.split("\n").map((line) => {
    return line === "" ? ">\n" : line.startsWith(">") ? `>${line}\n` : `> ${line}\n`;
  }).join("");
}

function attribution(header: Header): string {
  const [author] = mailboxesOf(header.addresses("from"));
  const who = author === undefined ? "somebody" : shown(author);
  const { date } = header;
  if (date === undefined) return `${who} wrote:`;
  return `On ${formatMailDate(date.date).replace(/ \+0000$/, " UTC")}, ${who} wrote:`;
}

function forwardedHead(header: Header): string {
  let text = "---------- Forwarded message ----------\n";
  for (const name of ["From", "Date", "Subject", "To", "Cc"]) {
    const value = header.text(name);
    if (value !== undefined) text += `${name}: ${value}\n`;
  }
  return text;
}

function fileOf(part: Entity): Attachment {
  const { header } = part;
  return {
    name: header.fileName,
    type: part.type,
    content: part.content,
    disposition: header.disposition.value === "inline" ? "inline" : "attachment",
  };
}

function shown({ name, address }: Mailbox): string {
  return name === undefined || name === "" ? address : `${name} <${address}>`;
}

function prefixed(prefix: string, known: RegExp, header: Header): string {
  const subject = header.text("subject") ?? "";
  return (prefix + subject.replace(known, "")).trimEnd();
}

function first(header: Header, ...names: readonly string[]): MailAddress[] {
  for (const name of names) {
    const found = header.addresses(name);
    if (mailboxesOf(found).some(({ address }) => address !== "")) return found;
  }
  return [];
}

/** Addresses are compared without case: in practice no mailboxes differ by it. */
function folded(address: string): string {
  return address.toLowerCase();
}

function withEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
