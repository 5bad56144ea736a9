/**
 * FTP (RFC 959, 1123, 2228, 2389, 2428, 2640, 3659, 4217).
 *
 * @module
 */

export type {
  CopyOptions,
  DownloadOptions,
  FetchOptions,
  FtpClientOptions,
  FtpListOptions,
  OnUnknownLine,
  StoreOptions,
} from "./client/client_options.ts";
export { FtpClient } from "./client/ftp_client.ts";
export { type UploadOptions, Uploads, type UploadStyle } from "./client/uploads.ts";
export {
  asEntryName,
  type FtpEntry,
  type FtpFacts,
  type FtpKind,
  type FtpPrecision,
} from "./codec/entry.ts";
export type { FtpFault } from "./server/fault.ts";
export { handleFtp } from "./server/ftp_session.ts";
export type { FtpServerOptions, FtpTransferRecord, FtpUser } from "./server/server_options.ts";
