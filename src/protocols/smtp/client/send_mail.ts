/**
 * Sending a message in one call.
 *
 * @module
 */

import {
  composeMessage,
  type MailAddress,
  mailboxesOf,
  type MessageDraft,
  parseAddresses,
  recipientsOf,
  writePart,
} from "../../../mime/mod.ts";
import { escapeForDisplay, type ServerAddress, UsageError } from "../../../net/mod.ts";
import { SmtpClient } from "./client.ts";
import type { SmtpClientOptions } from "./client_options.ts";
import type { SendResult } from "./transaction.ts";

/** Addresses, or their text as in a header field: `Ann <ann@example.org>, bob@example.org`. */
export type AddressText = string | readonly MailAddress[];

/** A message to be sent; its addresses may be texts. */
export interface MailDraft extends Omit<MessageDraft, "from" | "to" | "cc" | "bcc" | "replyTo"> {
  /** The author; the first one is the sender in the envelope. */
  readonly from: AddressText;
  /** Recipients. */
  readonly to?: AddressText | undefined;
  /** Recipients of a copy. */
  readonly cc?: AddressText | undefined;
  /** Recipients that are not in the header. */
  readonly bcc?: AddressText | undefined;
  /** Where replies go to. */
  readonly replyTo?: AddressText | undefined;
}

/**
 * Composes a message and sends it.
 *
 * @param server The mail server, as for `SmtpClient.connect`: `submission://user:password@mail.example.org`.
 * @param draft The message.
 * @param options How to connect.
 * @returns Which recipients were accepted and which were not; one was, at least.
 * @throws {UsageError} If the server's address is malformed, an address has no domain, or the author
 * or the recipients are missing.
 * @throws {ProtocolError} If an address of the message is malformed; nothing was sent.
 * @throws {ConnectError|TimeoutError} If the server cannot be reached.
 * @throws {TlsError} If TLS cannot be had where it is needed.
 * @throws {ReplyError} If the server refuses the credentials or the message; an `EnvelopeError` if all recipients.
 * @throws {InjectionError} If a text would make another field of the header; nothing was sent.
 *
 * @example Text and a file
 * ```ts
 * import { sendMail } from "@netwright/netwright/smtp";
 * import { catchMail } from "@netwright/netwright/testing";
 * await using server = catchMail();
 * await sendMail(server.endpoint, {
 *   from: "Ann <ann@example.org>",
 *   to: "bob@example.org",
 *   subject: "Grüße",
 *   text: "Hello Bob\n",
 *   attachments: [{ name: "a.txt", type: "text/plain", content: new TextEncoder().encode("hi") }],
 * });
 * const [mail] = await server.wait(1);
 * if (mail?.message.header.text("subject") !== "Grüße") throw new Error("not received");
 * ```
 */
export async function sendMail(
  server: ServerAddress,
  draft: MailDraft,
  options: SmtpClientOptions = {},
): Promise<SendResult> {
  const { from, to, cc, bcc, replyTo, ...rest } = draft;
  const authors = addresses(from);
  const parsed: MessageDraft = {
    ...rest,
    from: authors,
    to: addresses(to),
    cc: addresses(cc),
    bcc: addresses(bcc),
    replyTo: addresses(replyTo),
  };
  const [sender] = mailboxesOf(authors);
  const recipients = recipientsOf(parsed);
  if (sender === undefined) throw new UsageError("the message has no author");
  if (recipients.length === 0) throw new UsageError("the message has no recipient");
  const message = writePart(composeMessage(parsed));
  await using client = await SmtpClient.connect(server, options);
  return await client.send({ envelope: { from: sender.address, to: recipients }, message });
}

function addresses(text: AddressText | undefined): readonly MailAddress[] {
  if (text === undefined) return [];
  if (typeof text !== "string") return text;
  const list = parseAddresses(text, { strict: true }).addresses;
  // The comma of `Doe, Ann <ann@example.org>` would make `Doe` a recipient.
  const local = mailboxesOf(list).find(({ address }) => !address.includes("@"));
  if (local === undefined) return list;
  throw new UsageError(`not an address with a domain: "${escapeForDisplay(local.address)}"`);
}
