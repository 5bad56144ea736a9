/**
 * POP3: reading a mailbox over the network, and serving one (RFC 1939, 2449, 2595, 5034, 6856).
 *
 * @module
 */

export { Pop3Client } from "./client/client.ts";
export type { Pop3Capabilities, Pop3ClientOptions } from "./client/client_options.ts";
export type { RetrievedMessage } from "./client/retrieve_all.ts";
export type { Pop3Size, Pop3Totals, Pop3Uid } from "./codec/listing.ts";
export { pop3ResponseCode } from "./codec/response_code.ts";
export { handlePop3 } from "./server/serve_pop3.ts";
export type {
  Pop3Mailbox,
  Pop3Message,
  Pop3ServerOptions,
  Pop3SessionSummary,
} from "./server/server_options.ts";
