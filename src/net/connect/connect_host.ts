/**
 * Connecting to a port of a host.
 *
 * @module
 */

import { formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import type { Connection } from "../core/connection.ts";
import { Deadline, type WaitOptions } from "../core/deadline.ts";
import { TimeoutError } from "../core/errors.ts";
import type { Network } from "../core/network.ts";

/**
 * Connects to a TCP port.
 *
 * @param network Where.
 * @param endpoint The host and its port.
 * @param options Maximum time (30 seconds by default) and signal.
 * @returns The connection.
 * @throws {ConnectError} If it is refused, unreachable or not found.
 * @throws {TimeoutError} If it took too long.
 */
export async function connectHost(
  network: Pick<Network, "connect">,
  endpoint: HostEndpoint,
  { signal, timeoutMs = 30_000 }: WaitOptions = {},
): Promise<Connection> {
  const context = { operation: "connect", peer: formatEndpoint(endpoint) };
  using deadline = new Deadline({ signal, timeoutMs }, context);
  try {
    return await network.connect({ ...endpoint, transport: "tcp", signal: deadline.signal });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new TimeoutError(`no connection within ${timeoutMs / 1000} s`, {
      ...context,
      cause: error,
    });
  }
}
