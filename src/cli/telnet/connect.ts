/**
 * Connections with Telnet servers.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import {
  type Connection,
  dial,
  type Endpoint,
  formatEndpoint,
  NetwrightError,
} from "../../net/mod.ts";
import { TelnetClient, type TelnetClientOptions } from "../../protocols/telnet/mod.ts";
import { keepsSecrets } from "../../protocols/wire/internal.ts";
import type { Context } from "../command/context.ts";
import { dialOptionsOf } from "../connect/connecting.ts";
import { clientNetwork } from "../connect/network.ts";
import type { TelnetPlan } from "./target.ts";

/**
 * Connects.
 *
 * @param plan The server.
 * @param context Where the command runs.
 * @param options Terminal, limits and callbacks.
 * @returns The connection.
 */
export async function connectTelnet(
  { target, connection: options, environment }: TelnetPlan,
  context: Context,
  { isSecret = false, ...telnet }: TelnetClientOptions & {
    /** Whether a password will be sent, in spite of `--insecure-auth` being absent. */
    readonly isSecret?: boolean;
  },
): Promise<TelnetClient> {
  const tls = options.tls || target.tls === "implicit";
  const network = await clientNetwork(options, context, { tls, recorded: false });
  const connection = await dial(target.endpoint, {
    network,
    signal: context.signal,
    ...dialOptionsOf(options),
  });
  try {
    if (isSecret) requireSecrecy(connection, target.endpoint);
    return new TelnetClient(connection, { ...telnet, environment });
  } catch (error) {
    closeQuietly(connection);
    throw error;
  }
}

/**
 * Refuses to send secrets over a connection that can be tapped.
 *
 * @param connection The connection.
 * @param endpoint The server, for the message.
 * @throws {NetwrightError} If it is neither TLS with an accepted certificate, nor on this host.
 */
export function requireSecrecy(connection: Connection, endpoint: Endpoint): void {
  if (keepsSecrets(connection)) return;
  throw new NetwrightError("the password would go over the network in clear text", {
    operation: "log in",
    peer: formatEndpoint(endpoint),
    hint: "use telnets:// or tls://, or --insecure-auth",
  });
}
