/**
 * SMTP and LMTP: mail is sent (RFC 5321, RFC 2033).
 *
 * @module
 */

export { type Outbox, SmtpClient } from "./client/client.ts";
export type { SmtpClientOptions } from "./client/client_options.ts";
export { deliver, type DeliveryOptions, type DeliveryResult } from "./client/deliver.ts";
export {
  mailExchangers,
  type MailExchangersOptions,
  NullMxError,
} from "./client/mail_exchangers.ts";
export { SmtpPool, type SmtpPoolOptions } from "./client/pool.ts";
export {
  EnvelopeError,
  type OutgoingMessage,
  type RecipientResult,
  type SendResult,
  type SmtpReply,
} from "./client/transaction.ts";
export type { DsnNotify, Envelope, Recipient } from "./codec/envelope.ts";
export type { SmtpExtensions } from "./codec/extensions.ts";
export { handleSmtp } from "./server/serve_smtp.ts";
export {
  type IncomingMessage,
  type RejectionEvent,
  type SmtpClientFacts,
  SmtpReject,
  type SmtpServerOptions,
} from "./server/server_options.ts";
export { type AddressText, type MailDraft, sendMail } from "./client/send_mail.ts";
