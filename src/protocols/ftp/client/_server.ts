/**
 * Addresses of FTP servers.
 *
 * @module
 */

import { checkOptions, targetOf } from "../../../net/internal.ts";
import {
  type ServerAddress,
  systemNetwork,
  UnsupportedError,
  UsageError,
} from "../../../net/mod.ts";
import {
  FTP_CLIENT_RULES,
  type FtpClientOptions,
  type FtpSessionOptions,
} from "./client_options.ts";

/** Schemes of FTP servers. */
const SCHEMES = ["ftp", "ftps", "ftp+tls"];

/** A server, and the folder that its URL names. */
export interface FtpServer {
  /** How to connect. */
  readonly options: FtpSessionOptions;
  /** The folder; empty if there is none. */
  readonly folder: string;
}

/**
 * Reads the address of an FTP server; its parts take precedence over the options.
 *
 * @param server The address.
 * @param options How to connect.
 * @returns How to connect to it, and the folder.
 * @throws {UsageError} If it is malformed.
 * @throws {RangeError} If an option is out of range.
 * @throws {UnsupportedError} If it is not a TCP port.
 */
export function ftpServer(server: ServerAddress, options: FtpClientOptions): FtpServer {
  checkOptions(options, FTP_CLIENT_RULES);
  const { endpoint, tls, username, password, path } = targetOf(server, {
    schemes: SCHEMES,
    defaultPort: options.tls === "implicit" ? 990 : 21,
  });
  if ("path" in endpoint || endpoint.transport !== "tcp") {
    throw new UnsupportedError("FTP needs a TCP port", { operation: "connect" });
  }
  return {
    folder: decoded(path),
    options: {
      ...options,
      network: options.network ?? systemNetwork(),
      endpoint,
      ...(tls !== "none" && { tls }),
      ...(username !== undefined && username !== "" && {
        user: username,
        password: password ?? options.password,
      }),
    },
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new UsageError("the path of the URL is badly encoded");
  }
}
