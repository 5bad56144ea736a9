/**
 * How clients of commands and replies come to their server.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import {
  type Connection,
  dial,
  type Endpoint,
  formatEndpoint,
  isLoopback,
  type Network,
  secure,
  type SecureClientOptions,
} from "../../net/mod.ts";
import { CommandChannel } from "./command_channel.ts";
import type { CommandChannelOptions } from "./command_channel_options.ts";

/** How {@link connectChannel} connects. */
export interface ConnectChannelOptions extends Omit<CommandChannelOptions, "peer"> {
  /** Where. */
  readonly network: Network;
  /** The server. */
  readonly endpoint: Endpoint;
  /** Longest time to connect, in milliseconds. @default {30_000} */
  readonly connectTimeoutMs?: number | undefined;
  /** TLS from the first byte: the name that the certificate must have, and the trusted authorities. No TLS if absent. */
  readonly tls?: Omit<SecureClientOptions, "role" | "reader" | "reconnect" | "signal"> | undefined;
}

/**
 * Connects, begins TLS if it is to be there from the first byte, and gives the channel, before the greeting.
 *
 * @param options The server, and how to talk to it.
 * @returns The channel.
 * @throws {ConnectError|TimeoutError} If the server cannot be reached.
 * @throws {TlsError} If TLS could not be agreed on.
 *
 * @example A greeting
 * ```ts
 * import { systemNetwork } from "@netwright/netwright/net";
 * import { connectChannel } from "@netwright/netwright/wire";
 * async function greeting(hostname: string): Promise<number | string> {
 *   const endpoint = { transport: "tcp", hostname, port: 25 } as const;
 *   using channel = await connectChannel({ network: systemNetwork(), endpoint, style: "smtp" });
 *   return (await channel.expect([220], "greet")).code;
 * }
 * ```
 */
export async function connectChannel(options: ConnectChannelOptions): Promise<CommandChannel> {
  const { network, endpoint, connectTimeoutMs, tls, signal, ...channel } = options;
  const connection = await connectServer({ network, endpoint, connectTimeoutMs, tls, signal });
  try {
    return new CommandChannel(connection, { ...channel, signal, peer: formatEndpoint(endpoint) });
  } catch (error) {
    // An invalid option must not leave the socket open.
    closeQuietly(connection);
    throw error;
  }
}

/**
 * Connects, and begins TLS if it is to be there from the first byte.
 *
 * @param options The server, and what TLS demands.
 * @returns The connection.
 * @throws {ConnectError|TimeoutError} If the server cannot be reached.
 * @throws {TlsError} If TLS could not be agreed on.
 */
export async function connectServer(
  options: Pick<
    ConnectChannelOptions,
    "network" | "endpoint" | "connectTimeoutMs" | "tls" | "signal"
  >,
): Promise<Connection> {
  const { network, endpoint, connectTimeoutMs, tls, signal } = options;
  const dialled = (): Promise<Connection> =>
    dial(endpoint, { network, signal, timeoutMs: connectTimeoutMs });
  const plain = await dialled();
  if (tls === undefined) return plain;
  return await secure(plain, {
    timeoutMs: connectTimeoutMs,
    ...tls,
    role: "client",
    signal,
    reconnect: dialled,
  });
}

/**
 * Checks whether a password may be sent over a connection: it stays on this host, or is inside TLS with a peer whose
 * certificate was accepted.
 *
 * @param connection The connection.
 * @returns Whether it is confidential.
 */
export function keepsSecrets(connection: Connection): boolean {
  return isLocalConnection(connection) ||
    "peerName" in connection && connection.peerName !== undefined;
}

/**
 * Checks whether a connection stays on this host, where it cannot be tapped.
 *
 * @param connection The connection.
 * @returns Whether its peer is here.
 */
export function isLocalConnection({ remoteAddr }: Pick<Connection, "remoteAddr">): boolean {
  return !("hostname" in remoteAddr) || isLoopback(remoteAddr.hostname);
}
