/**
 * FTP (RFC 959, 1123, 2228, 2389, 2428, 2640, 3659, 4217).
 *
 * @module
 */

export * from "./codec/anonymous.ts";
export * from "./codec/data_address.ts";
export * from "./codec/entry.ts";
export * from "./codec/facts.ts";
export * from "./codec/listing.ts";
export * from "./codec/time.ts";
export * from "./client/client_options.ts";
export * from "./client/ftp_client.ts";
export * from "./client/uploads.ts";
export { type FtpFault, parseFtpFaults } from "./server/fault.ts";
export * from "./server/ftp_session.ts";
export * from "./server/server_options.ts";
