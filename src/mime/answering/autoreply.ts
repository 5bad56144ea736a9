/**
 * Answers without a human being, such as "I am away": whether one is due, and how it looks (RFC 3834).
 *
 * @module
 */

import { type Mailbox, mailboxesOf, parseAddresses } from "../header/address.ts";
import { threadingHeaders } from "./reply.ts";
import type { MessageDraft } from "../writing/compose.ts";
import type { Header } from "../header/header.ts";

/** The owner of the mailbox, and the reply. */
export interface AutoreplyOptions {
  /** Whose mail it is. */
  readonly from: Mailbox;
  /** More addresses of the owner: only messages to one of all these get a reply (RFC 3834 §2). @default {[]} */
  readonly own?: readonly string[];
  /** The envelope's sender; the empty text is the null one. @default the address in the message's `Return-Path` */
  readonly sender?: string | undefined;
  /** The answer. */
  readonly text: string;
  /** Its subject. @default `Auto: ` and that of the message */
  readonly subject?: string | undefined;
}

/** An answer, or why there is to be none. */
export type Autoreply =
  | {
    /** The recipient: the sender of the envelope. */
    readonly to: string;
    /** The answer. It is to leave with the null sender, lest it be answered in turn (RFC 3834 §3.3). */
    readonly draft: MessageDraft;
    readonly reason?: undefined;
  }
  | {
    /** Why none is due, in a few words. */
    readonly reason: string;
    readonly draft?: undefined;
  };

/**
 * Decides whether a message gets an automatic reply, and drafts it. Programs, lists, reports and messages to
 * other recipients get none. The caller limits replies to the same person: RFC 3834 §2 requires several days.
 *
 * @param header The header of the delivered message.
 * @param options The owner of the mailbox, and the reply.
 * @returns The draft, or why there is none.
 *
 * @example A list gets none
 * ```ts
 * import { autoreply, Header } from "@netwright/netwright/mime";
 * const header = Header.parse(new TextEncoder().encode(
 *   "Return-Path: <list-bounces@example.org>\r\nTo: ann@example.org\r\nList-Id: <l.example.org>\r\n",
 * ));
 * const answer = autoreply(header, { from: { address: "ann@example.org" }, text: "I am away.\n" });
 * if (answer.draft !== undefined) throw new Error("answered a list");
 * ```
 */
export function autoreply(header: Header, options: AutoreplyOptions): Autoreply {
  const { from, own = [], subject } = options;
  const to = senderOf(header, options.sender);
  if (to === undefined) {
    return { reason: "the message has no Return-Path with its envelope's sender" };
  }
  const mine = new Set([from.address, ...own].map((address) => address.toLowerCase()));
  const reason = reasonAgainst(to, header, mine);
  if (reason !== undefined) return { reason };
  return {
    to,
    draft: {
      from: [from],
      to: [{ address: to }],
      subject: subject ?? `Auto: ${header.text("subject") ?? ""}`.trimEnd(),
      ...threadingHeaders(header),
      headers: [["Auto-Submitted", "auto-replied"]],
      text: options.text,
    },
  };
}

function senderOf(header: Header, sender: string | undefined): string | undefined {
  const path = sender ?? header.get("return-path");
  if (path === undefined) return undefined;
  if (/^\s*(?:<\s*>)?\s*$/.test(path)) return "";
  const [mailbox] = mailboxesOf(parseAddresses(path).addresses);
  const address = mailbox?.address ?? "";
  return address === "" || address.length > MAX_ADDRESS ? undefined : address;
}

function reasonAgainst(
  sender: string,
  header: Header,
  mine: ReadonlySet<string>,
): string | undefined {
  if (sender === "") return "its sender is null: a report, or an answer of a program";
  if (mine.has(sender.toLowerCase())) return "one's own message";
  if (AUTOMATIC_SENDER.test(sender)) return `${sender} is not a person`;
  const submitted = header.get("auto-submitted");
  if (submitted !== undefined && !/^\s*no\s*(?:[;(]|$)/i.test(submitted)) {
    return "a program wrote it (Auto-Submitted)";
  }
  const list = header.fields.find(({ name }) => LIST_FIELD.test(name));
  if (list !== undefined) return `it came by a mailing list (${list.name})`;
  if (/^\s*(?:bulk|list|junk)\b/i.test(header.get("precedence") ?? "")) {
    return "it is bulk mail (Precedence)";
  }
  if (/\b(?:all|oof|autoreply)\b/i.test(header.get("x-auto-response-suppress") ?? "")) {
    return "its sender refuses automatic replies (X-Auto-Response-Suppress)";
  }
  const named = RECIPIENT_FIELDS.flatMap((name) => mailboxesOf(header.addresses(name)));
  if (!named.some(({ address }) => mine.has(address.toLowerCase()))) {
    return "it names none of the addresses that are answered for";
  }
  return undefined;
}

/** Longest address: 64 characters, `@`, 255 (RFC 5321 §4.5.3.1). */
const MAX_ADDRESS = 320;
/** Senders named in RFC 3834 §2, and addresses such as noreply. */
const AUTOMATIC_SENDER =
  /^(?:owner-.*|.*-(?:request|owner|bounces?)(?:\+.*)?|bounces?(?:[-+].*)?|mailer-daemon|listserv|majordomo|(?:no|do-?not)[-_.]?reply(?:[-+].*)?)@/i;
const LIST_FIELD = /^list-(?:id|help|subscribe|unsubscribe|unsubscribe-post|post|owner|archive)$/i;
const RECIPIENT_FIELDS = ["to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc"];
