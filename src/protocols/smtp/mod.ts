/**
 * SMTP and LMTP: mail is sent (RFC 5321, RFC 2033).
 *
 * @module
 */

export * from "./client/client.ts";
export * from "./client/client_options.ts";
export * from "./client/deliver.ts";
export * from "./codec/envelope.ts";
export * from "./codec/extensions.ts";
export * from "./client/mail_exchangers.ts";
export * from "./client/pool.ts";
export { EnvelopeError } from "./client/transaction.ts";
export type {
  OutgoingMessage,
  RecipientResult,
  SendResult,
  SmtpReply,
} from "./client/transaction.ts";
export * from "./server/serve_smtp.ts";
export * from "./server/server_options.ts";
