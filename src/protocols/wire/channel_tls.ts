/**
 * TLS on a channel of commands and replies: when it is required, and how it begins.
 *
 * @module
 */

import {
  type Connection,
  type Endpoint,
  ReplyError,
  type SecureConnection,
  TlsError,
} from "../../net/mod.ts";
import type { ClientTlsMode, LoginClientOptions } from "./client_options.ts";
import type { CommandLine } from "./command.ts";
import type { CommandChannel } from "./command_channel.ts";
import { isLocalConnection } from "./connect_channel.ts";
import type { ReplyCode } from "./reply.ts";

/** Options of a client that concern TLS. */
export interface ChannelTlsOptions extends
  Pick<
    LoginClientOptions,
    "tls" | "trust" | "onTls" | "certificateName" | "insecureAuth"
  > {
  /** The server. */
  readonly endpoint: Endpoint;
  /** The credentials, if there are any. */
  readonly credentials?: unknown;
}

/**
 * Decides whether TLS is spoken where the options do not say: with a password, and over a network, nothing less.
 *
 * @param options The options.
 * @param connection The connection.
 * @returns The mode.
 */
export function tlsMode(
  { tls, credentials, insecureAuth }: ChannelTlsOptions,
  connection: Connection,
): ClientTlsMode {
  const mayBePlain = credentials === undefined || insecureAuth === true ||
    isLocalConnection(connection);
  return tls ?? (mayBePlain ? "opportunistic" : "starttls");
}

/**
 * Gives the options of `secure` for a client.
 *
 * @param options The options of the client.
 * @returns The name in the certificate, and the trusted authorities.
 */
export function secureOptionsOf({ certificateName, endpoint, trust, onTls }: ChannelTlsOptions) {
  const hostname = certificateName ??
    ("hostname" in endpoint ? endpoint.hostname : "localhost");
  return { ...trust, hostname, inspect: trust?.inspect ?? onTls !== undefined };
}

/**
 * Reports a session that has begun.
 *
 * @param connection The connection.
 * @param options The options of the client.
 */
export function reportTls(connection: Connection, { onTls }: ChannelTlsOptions): void {
  const { session } = connection as SecureConnection;
  if (session !== undefined) onTls?.(session);
}

/**
 * Starts TLS, if the options require it or the server offers it.
 *
 * @param channel The channel.
 * @param options The options of the client.
 * @param request The command, the code of consent, and whether the server offers it.
 * @returns Whether TLS has begun: all that the server said before must be requested again.
 * @throws {TlsError} If it is required and cannot be had; the channel should be closed.
 */
export async function startChannelTls(
  channel: CommandChannel,
  options: ChannelTlsOptions,
  request: {
    readonly line: CommandLine;
    readonly consent: ReplyCode;
    readonly isOffered: boolean;
  },
): Promise<boolean> {
  const { line, consent, isOffered } = request;
  const mode = tlsMode(options, channel.connection);
  if (mode === "none" || mode === "implicit") return false;
  const context = { operation: "start TLS", peer: channel.peer };
  if (!isOffered) {
    if (mode === "opportunistic") return false;
    throw new TlsError(`the server does not offer ${line.verb}`, context);
  }
  try {
    await channel.send(line, [consent]);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    // What could not be refused by one who listens in, he could have left out of the offers.
    if (mode === "opportunistic") return false;
    throw new TlsError(`the server refuses ${line.verb}: ${error.reason}`, {
      ...context,
      cause: error,
    });
  }
  await channel.upgrade(secureOptionsOf(options));
  reportTls(channel.connection, options);
  return true;
}
