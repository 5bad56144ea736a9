/**
 * Addresses of mail servers.
 *
 * @module
 */

import { targetOf } from "../../../net/internal.ts";
import { type ServerAddress, systemNetwork, UsageError } from "../../../net/mod.ts";
import { Secret } from "../../wire/mod.ts";
import type { SmtpClientOptions, SmtpSessionOptions } from "./client_options.ts";

/** Schemes of mail servers. */
const SCHEMES = ["smtp", "smtps", "submission", "submissions", "lmtp"];

/** Ways to use TLS. */
const MODES: readonly string[] = ["none", "opportunistic", "starttls", "implicit"];

/**
 * Reads the address of a mail server; its parts take precedence over the options.
 *
 * @param server The address.
 * @param options How to connect.
 * @returns How to connect to it.
 * @throws {UsageError} If it is malformed.
 */
export function smtpServer(server: ServerAddress, options: SmtpClientOptions): SmtpSessionOptions {
  const { protocol, network = systemNetwork() } = options;
  if (options.tls !== undefined && !MODES.includes(options.tls)) {
    throw new UsageError(`tls must be one of ${MODES.join(", ")}, not ${options.tls}`);
  }
  const defaultPort = protocol === "lmtp" ? 24 : 25;
  const { endpoint, scheme, tls, username, password } = targetOf(server, {
    schemes: SCHEMES,
    defaultPort,
  });
  return {
    ...options,
    network,
    endpoint,
    ...(tls !== "none" && { tls }),
    ...(scheme !== undefined && { protocol: scheme === "lmtp" ? "lmtp" : "smtp" }),
    ...(username !== undefined && username !== "" && {
      credentials: {
        ...options.credentials,
        user: username,
        ...(password !== undefined && { password: new Secret(password) }),
      },
    }),
  };
}
