/**
 * SMTP and LMTP: mail is sent (RFC 5321, RFC 2033).
 *
 * @module
 */

export * from "./client.ts";
export * from "./client_options.ts";
export * from "./deliver.ts";
export * from "./envelope.ts";
export * from "./extensions.ts";
export * from "./mail_exchangers.ts";
export * from "./pool.ts";
export { EnvelopeError } from "./transaction.ts";
export type { OutgoingMessage, RecipientResult, SendResult, SmtpReply } from "./transaction.ts";
export * from "./server/serve_smtp.ts";
export * from "./server/server_options.ts";
