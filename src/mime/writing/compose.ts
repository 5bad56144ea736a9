/**
 * Makes a message of what its writer has in mind: addresses, text, HTML with its images, attachments.
 *
 * @module
 */

import { type MailAddress, type Mailbox, mailboxesOf } from "../header/address.ts";
import { formatMailDate } from "../header/date.ts";
import { formatAddresses } from "../header/format_addresses.ts";
import { formatField, formatTextField } from "../header/format_field.ts";
import {
  CONTENT_FIELDS,
  formatHeader,
  needsUtf8Header,
  SINGLE_FIELDS,
} from "../header/format_header.ts";
import { textPart } from "./text_part.ts";
import type { LeafPart, MultipartPart, Part, PartContent } from "./write_part.ts";

/** A file that goes with a message. */
export interface Attachment {
  /** The name of the file, for the reader. */
  readonly name?: string | undefined;
  /** The media type; `message/rfc822` is attached unencoded, everything else as base64. @default {"application/octet-stream"} */
  readonly type?: string | undefined;
  /** Its bytes. */
  readonly content: PartContent;
  /** For images in HTML: the identifier after `cid:`. */
  readonly contentId?: string | undefined;
  /** How it is shown; `inline` if it has a `contentId`. @default {"attachment"} */
  readonly disposition?: "inline" | "attachment" | undefined;
}

/** The draft of a message. */
export interface MessageDraft {
  /** Who wrote it. */
  readonly from?: readonly MailAddress[] | undefined;
  /** The sender, if that is not the author. */
  readonly sender?: Mailbox | undefined;
  /** The recipients. */
  readonly to?: readonly MailAddress[] | undefined;
  /** Who should know of it. */
  readonly cc?: readonly MailAddress[] | undefined;
  /** The recipients that the others do not see: they are in the envelope only. */
  readonly bcc?: readonly MailAddress[] | undefined;
  /** Where answers go. */
  readonly replyTo?: readonly MailAddress[] | undefined;
  /** The subject. */
  readonly subject?: string | undefined;
  /** When it was written. @default now */
  readonly date?: Date | undefined;
  /** Its identifier with angle brackets. @default a random one of the writer's domain */
  readonly messageId?: string | undefined;
  /** The message that it replies to, with angle brackets. */
  readonly inReplyTo?: string | undefined;
  /** The messages before it, oldest first, with angle brackets. */
  readonly references?: readonly string[] | undefined;
  /** More fields, each by the grammar of its name; one that is allowed once only replaces the usual one. */
  readonly headers?: readonly (readonly [name: string, text: string])[] | undefined;
  /** Its text. */
  readonly text?: string | undefined;
  /** Its text as HTML, for readers that can show it. */
  readonly html?: string | undefined;
  /** Files; those with a `contentId` belong to the HTML. */
  readonly attachments?: readonly Attachment[] | undefined;
}

/** How a message is made. */
export interface ComposeOptions {
  /**
   * Whether headers may hold unencoded UTF-8 (RFC 6532): only for servers that offer SMTPUTF8.
   * @default {whether an address cannot be written without}
   */
  readonly utf8?: boolean;
}

/**
 * Makes a message.
 *
 * @param draft The draft.
 * @param options Whether headers may hold UTF-8.
 * @returns The message, to be written by `writePart` or `partBytes`.
 * @throws {InjectionError} If an address, a name or a text would make another field of it.
 *
 * @example Text and a file
 * ```ts
 * import { composeMessage, parseMessage, partBytes } from "@netwright/netwright/mime";
 * const bytes = partBytes(composeMessage({
 *   from: [{ name: "Ann", address: "ann@example.org" }],
 *   to: [{ address: "bob@example.org" }],
 *   subject: "Grüße",
 *   text: "Hello Bob\n",
 *   attachments: [{ name: "a.txt", type: "text/plain", content: new TextEncoder().encode("hi") }],
 * }));
 * const message = parseMessage(bytes);
 * if (message.header.text("subject") !== "Grüße") throw new Error("lost");
 * if (message.parts[1]?.header.fileName !== "a.txt") throw new Error("lost");
 * ```
 */
export function composeMessage(draft: MessageDraft, options: ComposeOptions = {}): Part {
  const body = bodyOf(draft);
  const { utf8 = needsUtf8(draft) } = options;
  return { ...body, fields: fieldsOf(draft, { utf8 }) + "MIME-Version: 1.0\r\n" };
}

/** Whether the local part of an address is not of ASCII. */
function needsUtf8({ from, sender, to, cc, replyTo, headers = [] }: MessageDraft): boolean {
  if (headers.some(([name, text]) => needsUtf8Header(name, text))) return true;
  const lists = [from, sender === undefined ? [] : [sender], to, cc, replyTo];
  return mailboxesOf(lists.flatMap((list) => list ?? []))
    .some(({ address }) => /[^\x00-\x7f].*@/.test(address));
}

/**
 * Gives everybody who gets a message: To, Cc and Bcc.
 *
 * @param draft The message.
 * @returns Their addresses in order, each once.
 */
export function recipientsOf(draft: Pick<MessageDraft, "to" | "cc" | "bcc">): string[] {
  const all = [...draft.to ?? [], ...draft.cc ?? [], ...draft.bcc ?? []];
  return [...new Set(mailboxesOf(all).map(({ address }) => address))];
}

function fieldsOf(draft: MessageDraft, options: ComposeOptions): string {
  const { date = new Date(), messageId = randomMessageId(draft), subject } = draft;
  const own = new Map<string, string>();
  let more = "";
  for (const [name, text] of draft.headers ?? []) {
    const key = name.toLowerCase();
    if (CONTENT_FIELDS.has(key)) continue;
    const field = formatHeader(name, text, options);
    if (SINGLE_FIELDS.has(key)) own.set(key, field);
    else more += field;
  }
  let fields = "";
  const add = (name: string, pieces: readonly string[] | undefined): void => {
    const key = name.toLowerCase();
    if (own.has(key)) fields += own.get(key);
    else if (pieces !== undefined && pieces.length > 0) fields += formatField(name, pieces);
    own.delete(key);
  };
  const addresses = (name: string, list: readonly MailAddress[] = []): void =>
    add(name, own.has(name.toLowerCase()) ? [] : formatAddresses(list, options));
  add("Date", [formatMailDate(date)]);
  addresses("From", draft.from);
  addresses("Sender", draft.sender === undefined ? undefined : [draft.sender]);
  addresses("Reply-To", draft.replyTo);
  addresses("To", draft.to);
  addresses("Cc", draft.cc);
  if (subject !== undefined && !own.has("subject")) {
    own.set("subject", formatTextField("Subject", subject, options));
  }
  add("Subject", undefined);
  add("Message-ID", [messageId]);
  add("In-Reply-To", draft.inReplyTo === undefined ? undefined : [draft.inReplyTo]);
  add("References", draft.references);
  return fields + [...own.values()].join("") + more;
}

/**
 * Makes a Message-ID (RFC 5322 §3.6.4).
 *
 * @param draft Who writes it, or sends it.
 * @returns A random identifier of the writer's domain, with angle brackets.
 */
export function randomMessageId({ from, sender }: Pick<MessageDraft, "from" | "sender">): string {
  const writer = mailboxesOf(from ?? [])[0] ?? sender;
  const domain = writer?.address.split("@").at(-1) ?? "";
  // Only a plain domain name: an identifier is not the place for more.
  return `<${crypto.randomUUID()}@${/^[\w.-]+$/.test(domain) ? domain : "localhost"}>`;
}

function bodyOf(draft: MessageDraft): LeafPart | MultipartPart {
  const attachments = draft.attachments ?? [];
  const belongs = (file: Attachment) => draft.html !== undefined && file.contentId !== undefined;
  const text = bodyTextOf(draft, attachments.filter(belongs));
  const others = attachments.filter((file) => !belongs(file));
  if (others.length === 0) return text ?? textPart("");
  return multipart("mixed", [...text === undefined ? [] : [text], ...others.map(filePart)]);
}

function bodyTextOf(
  draft: MessageDraft,
  images: readonly Attachment[],
): LeafPart | MultipartPart | undefined {
  const { text, html } = draft;
  if (html === undefined) return text === undefined ? undefined : textPart(text);
  const rich = textPart(html, { type: "text/html" });
  const whole = images.length === 0 ? rich : {
    ...multipart("related", [rich, ...images.map(filePart)]),
    parameters: { type: "text/html" },
  };
  return text === undefined ? whole : multipart("alternative", [textPart(text), whole]);
}

function multipart(subtype: string, parts: readonly Part[]): MultipartPart {
  return { type: `multipart/${subtype}`, parts };
}

function filePart(file: Attachment): LeafPart {
  const type = file.type ?? "application/octet-stream";
  return {
    type,
    content: file.content,
    disposition: file.disposition ?? (file.contentId === undefined ? "attachment" : "inline"),
    fileName: file.name,
    contentId: file.contentId,
    // RFC 2046 §5.2.1: a message may not be encoded.
    encoding: type === "message/rfc822" ? "8bit" : "base64",
  };
}
