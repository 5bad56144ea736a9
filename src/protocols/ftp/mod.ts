/**
 * FTP (RFC 959, 1123, 2228, 2389, 2428, 2640, 3659, 4217).
 *
 * @module
 */

export * from "./anonymous.ts";
export * from "./data_address.ts";
export * from "./entry.ts";
export * from "./facts.ts";
export * from "./listing.ts";
export * from "./time.ts";
export * from "./client_options.ts";
export * from "./ftp_client.ts";
export * from "./uploads.ts";
export { type FtpFault, parseFtpFaults } from "./server/fault.ts";
export * from "./server/ftp_session.ts";
export * from "./server/server_options.ts";
