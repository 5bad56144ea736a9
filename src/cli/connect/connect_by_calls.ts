/**
 * Connections with socket options that the runtime's own sockets do not have.
 *
 * @module
 */

import { withoutZone } from "../../net/internal.ts";
import {
  ConnectError,
  type Connection,
  type Endpoint,
  isIp,
  UnsupportedError,
} from "../../net/mod.ts";
import type { SocketOptionSetting } from "../../os/internal.ts";
import type { Context } from "../command/context.ts";
import { RUNTIME_OPTIONS } from "./socket_options.ts";

/**
 * Connects by the system's own calls, to the first of a name's addresses that answers.
 *
 * @param endpoint The server.
 * @param options Socket options that are set before connecting.
 * @param context Where the command runs.
 * @param signal Aborting it gives up.
 * @returns The connection.
 * @throws {UnsupportedError} If it is a UNIX socket, or this is not Linux.
 * @throws {ConnectError} If no address can be connected.
 */
export async function connectByCalls(
  endpoint: Endpoint,
  options: readonly SocketOptionSetting[],
  context: Context,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const [name] = options.find(([name]) => !RUNTIME_OPTIONS.includes(name))!;
  if ("path" in endpoint) {
    throw new UnsupportedError("UNIX sockets have no such option", {
      operation: `set the socket option ${name}`,
    });
  }
  const { hostname, port } = endpoint;
  const addresses = isIp(withoutZone(hostname)) ? [hostname] : await context.host.lookUp(hostname);
  const { connectSystemStream } = await import("../../os/internal.ts");
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await connectSystemStream({ hostname: address, port }, options, { signal });
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}
