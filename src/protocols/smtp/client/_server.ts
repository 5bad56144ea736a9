/**
 * Addresses of mail servers.
 *
 * @module
 */

import { type ServerAddress, UsageError } from "../../../net/mod.ts";
import { LOGIN_CLIENT_RULES, loginServer } from "../../wire/internal.ts";
import type { SmtpClientOptions, SmtpSessionOptions } from "./client_options.ts";

/** Schemes of mail servers. */
const SCHEMES = ["smtp", "smtps", "submission", "submissions", "lmtp"];

/**
 * Reads the address of a mail server; its parts take precedence over the options.
 *
 * @param server The address.
 * @param options How to connect.
 * @returns How to connect to it.
 * @throws {UsageError} If it is malformed.
 */
export function smtpServer(server: ServerAddress, options: SmtpClientOptions): SmtpSessionOptions {
  const modes = LOGIN_CLIENT_RULES.tls as readonly string[];
  if (options.tls !== undefined && !modes.includes(options.tls)) {
    throw new UsageError(`tls must be one of ${modes.join(", ")}, not ${options.tls}`);
  }
  const { session, target: { scheme } } = loginServer(server, options, {
    schemes: SCHEMES,
    defaultPort: options.protocol === "lmtp" ? 24 : 25,
  });
  if (scheme === undefined) return session;
  return { ...session, protocol: scheme === "lmtp" ? "lmtp" : "smtp" };
}
