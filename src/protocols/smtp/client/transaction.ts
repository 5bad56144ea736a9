/**
 * The transaction of one message: its commands, checked before a byte is sent, and the replies.
 *
 * @module
 */

import { isAscii } from "../../../mime/internal.ts";
import { LimitError, ReplyError, singleLine, UnsupportedError } from "../../../net/mod.ts";
import { formatReplyForDisplay } from "../../wire/internal.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import type { SmtpExtensions } from "../codec/extensions.ts";
import { enhancedStatus } from "../codec/extensions.ts";
import { type Envelope, formatPath, formatXtext, type Recipient } from "../codec/envelope.ts";

/** A message with its envelope. */
export interface OutgoingMessage {
  /** Sender and recipients. */
  readonly envelope: Envelope;
  /** The message: header and body. Line breaks become CRLF; no bare CR or LF ever leaves. */
  readonly message: Uint8Array | AsyncIterable<Uint8Array>;
  /** Its size in bytes, of a stream; then the server's limit is checked before anything is sent. */
  readonly sizeBytes?: number | undefined;
}

/** A server's reply. */
export interface SmtpReply {
  /** Its code. */
  readonly code: number;
  /** Its enhanced status code, such as `5.1.1` (RFC 3463). */
  readonly enhanced?: string | undefined;
  /** Its text, cleaned to be shown. */
  readonly text: string;
}

/** What became of one recipient. */
export interface RecipientResult {
  /** The address, as in the envelope. */
  readonly address: string;
  /** The server's reply to it. */
  readonly reply: SmtpReply;
}

/** What became of a message that the server took, for one recipient at least. */
export interface SendResult {
  /** The accepted recipients. */
  readonly accepted: readonly RecipientResult[];
  /** The rejected recipients, with the reasons. */
  readonly rejected: readonly RecipientResult[];
  /** The server's reply to the message; of LMTP the first that accepted it. */
  readonly reply: SmtpReply;
}

/** The server rejects all recipients, with a reason for each. */
export class EnvelopeError extends ReplyError {
  /** What became of each recipient. */
  readonly rejected: readonly RecipientResult[];

  /**
   * Describes the refusal.
   * @param reply The reply that stands for all.
   * @param verb The command: MAIL or RCPT.
   * @param peer The server.
   * @param rejected What became of each recipient.
   */
  constructor(
    reply: Reply,
    verb: "MAIL" | "RCPT",
    peer: string,
    rejected: readonly RecipientResult[],
  ) {
    super(formatReplyForDisplay(reply), { operation: `complete ${verb}`, peer, ...reply });
    this.rejected = rejected;
  }
}

/** A message whose commands were checked. */
export interface Transaction {
  readonly outgoing: OutgoingMessage;
  readonly mail: CommandLine;
  readonly recipients: readonly { readonly address: string; readonly command: CommandLine }[];
}

/**
 * Makes the commands of a message, if the server has the extensions that it needs.
 *
 * @param outgoing The message.
 * @param extensions The server's extensions.
 * @param peer The server, for errors.
 * @returns The commands.
 * @throws {InjectionError} If an address is none.
 * @throws {LimitError} If the message is larger than the server takes.
 * @throws {UnsupportedError} If the server lacks an extension that the message needs.
 */
export function prepare(
  outgoing: OutgoingMessage,
  extensions: SmtpExtensions,
  peer: string,
): Transaction {
  const { envelope, message } = outgoing;
  const has = (keyword: string) => extensions.all.has(keyword);
  const demand = (keyword: string, what: string) => {
    if (has(keyword)) return;
    throw new UnsupportedError(`the server does not offer ${keyword}, which ${what} needs`, {
      operation: "send a message",
      peer,
    });
  };
  if (envelope.to.length === 0) throw new TypeError("Cannot send a message: it has no recipient");
  const from = formatPath(envelope.from);
  const recipients = envelope.to.map((to) => {
    const recipient = typeof to === "string" ? { address: to } : to;
    return { recipient, ...formatPath(recipient.address) };
  });
  const size = outgoing.sizeBytes ?? (message instanceof Uint8Array ? sizeOf(message) : undefined);
  const parameters: string[] = [];
  if (has("SIZE") && size !== undefined) {
    if (size > (extensions.maxBytes ?? Infinity)) {
      throw new LimitError(
        `the message has ${size} bytes, the server takes ${extensions.maxBytes}`,
        {
          operation: "send a message",
          peer,
          limit: extensions.maxBytes!,
        },
      );
    }
    parameters.push(`SIZE=${size}`);
  }
  if (!(message instanceof Uint8Array && isAscii(message))) {
    // A stream may hold such bytes; of a whole message it is known that it does.
    if (message instanceof Uint8Array) demand("8BITMIME", "a message of 8 bits");
    if (has("8BITMIME")) parameters.push("BODY=8BITMIME");
  }
  if (envelope.utf8 === true || from.utf8 || recipients.some(({ utf8 }) => utf8)) {
    demand("SMTPUTF8", "an address or a header of UTF-8");
    parameters.push("SMTPUTF8");
  }
  if (envelope.requireTls === true) {
    demand("REQUIRETLS", "a message that may only go by TLS");
    parameters.push("REQUIRETLS");
  }
  if (envelope.dsnReturn !== undefined) {
    demand("DSN", "a wish for reports");
    parameters.push(`RET=${envelope.dsnReturn === "full" ? "FULL" : "HDRS"}`);
  }
  if (envelope.dsnId !== undefined) {
    demand("DSN", "a wish for reports");
    parameters.push(`ENVID=${formatXtext(envelope.dsnId)}`);
  }
  const words = ["", ...parameters].join(" ");
  return {
    outgoing,
    mail: command`MAIL FROM:${from.path}${words}`,
    recipients: recipients.map(({ recipient, path }) => {
      const wish = dsnWords(recipient);
      if (wish !== "") demand("DSN", "a wish for reports");
      return { address: recipient.address, command: command`RCPT TO:${path}${wish}` };
    }),
  };
}

/** How many bytes leave: each line ends with CRLF (RFC 1870 §5). */
function sizeOf(message: Uint8Array): number {
  let size = message.length;
  for (let at = 0; at < message.length; at++) {
    const byte = message[at]!;
    if (byte === 0x0a && message[at - 1] !== 0x0d) size++;
    if (byte === 0x0d && message[at + 1] !== 0x0a) size++;
  }
  return size;
}

function dsnWords({ notify, original }: Recipient): string {
  let words = "";
  if (notify !== undefined) {
    const list = notify === "never" ? ["never"] : notify;
    if (list.length === 0) throw new TypeError("Cannot send a message: notify names nothing");
    words += ` NOTIFY=${list.join(",").toUpperCase()}`;
  }
  if (original !== undefined) words += ` ORCPT=rfc822;${formatXtext(original)}`;
  return words;
}

/**
 * Prepares a reply for display and for errors.
 *
 * @param reply As it came.
 * @returns Code, enhanced status and text.
 */
export function smtpReply(reply: Reply): SmtpReply {
  const text = reply.lines.map((line) => line.forDisplay()).join("\n");
  const enhanced = enhancedStatus(reply.lines.at(-1)?.validate(singleLine) ?? "");
  return { code: Number(reply.code), ...(enhanced !== undefined && { enhanced }), text };
}

/** The server's replies to the commands of a {@link Transaction}. */
export interface EnvelopeVerdict {
  /** Recipients that the server takes. */
  readonly accepted: readonly RecipientResult[];
  /** Those that it does not take. */
  readonly rejected: readonly RecipientResult[];
  /** Why the message cannot be sent; undefined if it can. */
  readonly failure: unknown;
}

/**
 * Judges the replies to MAIL and RCPT.
 *
 * @param transaction The commands.
 * @param mail The reply to MAIL.
 * @param replies The replies to each RCPT.
 * @param peer The server, for errors.
 * @returns Who was accepted; and why none was, if so.
 */
export function judgeEnvelope(
  transaction: Transaction,
  mail: Reply,
  replies: readonly Reply[],
  peer: string,
): EnvelopeVerdict {
  const results = transaction.recipients.map(({ address }, index) => ({
    address,
    reply: smtpReply(replies[index]!),
  }));
  const accepted = results.filter(({ reply }) => Math.floor(reply.code / 100) === 2);
  const rejected = results.filter((result) => !accepted.includes(result));
  if (mail.code !== 250) {
    return { accepted: [], rejected, failure: new EnvelopeError(mail, "MAIL", peer, rejected) };
  }
  if (accepted.length > 0) return { accepted, rejected, failure: undefined };
  return { accepted, rejected, failure: new EnvelopeError(replies[0]!, "RCPT", peer, rejected) };
}
