/**
 * Articles as mail: single messages, or digests (RFC 2046 §5.1.5).
 *
 * @module
 */

import { endOfHeader, formatField, formatTextField, withoutFields } from "../../mime/internal.ts";
import {
  type Entity,
  formatMailDate,
  type Header,
  parseMessage,
  type Part,
  partBytes,
} from "../../mime/mod.ts";
import { concat } from "../../net/internal.ts";

/** Fields that a mail must not have from an article: of news transport, of other servers, or orders to mail programs. */
const UNWANTED = [
  ...[
    "path",
    "xref",
    "lines",
    "injection-date",
    "injection-info",
    "relay-version",
    "date-received",
  ],
  ...["nntp-posting-host", "nntp-posting-date", "nntp-posting-user", "x-trace"],
  ...["x-complaints-to", "x-complaints-info", "x-postfilter", "x-newsreader-path"],
  ...["approved", "control", "also-control", "supersedes", "cancel-lock", "cancel-key"],
  ...["bcc", "resent-bcc", "return-path", "delivered-to", "x-original-to", "envelope-to"],
  ...["apparently-to", "errors-to", "return-receipt-to", "disposition-notification-to"],
  ...["list-id", "archived-at", "x-loop"],
];
const LF = 10;
const CR = 13;

/** An article on its way. */
export interface GatewayArticle {
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** The group in which it was found. */
  readonly group: string;
  /** Its number there. */
  readonly number: number;
  /** Its subject, decoded. */
  readonly subject: string;
  /** Its author, decoded. */
  readonly from: string;
  /** The article, read; messages within it stay whole. */
  readonly entity: Entity;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/**
 * The sign of this gateway in the mails that it sends.
 *
 * @param server The news server.
 * @returns The value of `X-Loop`.
 */
export function loopSign(server: string): string {
  return `netwright-gateway@${server}`;
}

/**
 * Checks whether an article must not be sent: a control message, or one that this gateway has sent.
 *
 * @param header Its header.
 * @param server The news server.
 * @returns Why not; undefined if it may be sent.
 */
export function reasonAgainst(header: Header, server: string): string | undefined {
  if (header.get("control") !== undefined) return "it is a control message";
  if (header.all("x-loop").includes(loopSign(server))) return "it came out of this gateway";
  return undefined;
}

/**
 * Makes a mail of an article: the fields of its author stay byte by byte, and so does its body.
 *
 * @param article The article.
 * @param server The news server's host.
 * @param authority The same with its port, if that is not the usual one (RFC 5538 §3).
 * @returns The mail.
 */
export function mailOf(
  { group, number, bytes }: GatewayArticle,
  server: string,
  authority: string = server,
): Uint8Array {
  const end = endOfHeader(bytes) ?? bytes.length;
  const head = cleanHeader(bytes.subarray(0, end));
  const { header } = parseMessage(head, { wholeMessages: true });
  const references = header.messageIds("references");
  const isReply = header.get("in-reply-to") === undefined && references.length > 0;
  const added = [
    // Mail programs that look at one message only find its parent by this.
    ...isReply ? [formatField("In-Reply-To", [references.at(-1)!])] : [],
    formatField("List-Id", [`<${group}.${server.replaceAll(/[^A-Za-z0-9.-]/g, "-")}>`]),
    formatField("Archived-At", [`<nntp://${authority}/${group}/${number}>`]),
    formatField("X-Loop", [loopSign(server)]),
  ].join("");
  return concat([
    withoutFields(head, UNWANTED),
    new TextEncoder().encode(added),
    withoutNul(bytes.subarray(end)),
  ]);
}

/** A header without NUL, and without a CR by itself, which would become a line of its own. */
function cleanHeader(bytes: Uint8Array): Uint8Array {
  const head = withoutNul(bytes).slice();
  for (let at = head.indexOf(CR); at >= 0; at = head.indexOf(CR, at + 1)) {
    if (head[at + 1] !== LF) head[at] = 32;
  }
  return head;
}

/** No mail may hold it (RFC 5322 §4). */
function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? bytes.filter((byte) => byte !== 0) : bytes;
}

/** The header of a digest. */
export interface DigestOptions {
  /** The news server's host. */
  readonly server: string;
  /** The same with its port, if that is not the usual one. @default that of `server` */
  readonly authority?: string;
  /** Who sends it: an address. */
  readonly from: string;
  /** The recipients: addresses. */
  readonly to: readonly string[];
  /** When. */
  readonly date: Date;
  /** Its identifier, with brackets. */
  readonly messageId: string;
}

/**
 * Makes one mail of several articles.
 *
 * @param articles The articles.
 * @param options Its header.
 * @returns The mail: a list of the subjects, and the articles as messages within it.
 */
export function digestOf(
  articles: readonly GatewayArticle[],
  { server, authority, from, to, date, messageId }: DigestOptions,
): Uint8Array {
  const groups = [...new Set(articles.map(({ group }) => group))];
  const list = articles.map(({ subject, from }, index) =>
    `${`${index + 1}`.padStart(3)}  ${oneLine(subject)}\n     ${oneLine(from)}\n`
  );
  const text = `${articles.length} articles of ${groups.join(", ")}:\n\n${list.join("")}`;
  const [only] = groups;
  const where = groups.length === 1 ? only! : `${groups.length} groups`;
  const digest: Part = {
    type: "multipart/mixed",
    fields: [
      formatField("Date", [formatMailDate(date)]),
      formatField("From", [from]),
      ...to.length === 0 ? [] : [formatField("To", [to.join(", ")])],
      formatTextField("Subject", `${where}: ${articles.length} articles`),
      formatField("Message-ID", [messageId]),
      formatField("X-Loop", [loopSign(server)]),
      formatField("MIME-Version", ["1.0"]),
    ].join(""),
    parts: [
      {
        type: "text/plain",
        parameters: { charset: "utf-8" },
        content: new TextEncoder().encode(text),
        encoding: "text",
      },
      {
        type: "multipart/digest",
        parts: articles.map((article) => ({
          type: "message/rfc822",
          content: mailOf(article, server, authority),
          encoding: "8bit" as const,
        })),
      },
    ],
  };
  return partBytes(digest);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, " ").slice(0, 200);
}
