/**
 * Connecting to a server.
 *
 * @module
 */

import { formatEndpoint } from "../address/endpoint.ts";
import { connectHost } from "../connect/connect_host.ts";
import { closeQuietly } from "../core/close.ts";
import type { Connection } from "../core/connection.ts";
import { Deadline } from "../core/deadline.ts";
import { UsageError } from "../core/errors.ts";
import { systemNetwork } from "../scope/system_network.ts";
import { checkOptions } from "../core/options.ts";
import {
  CLIENT_RULES,
  type ClientOptions,
  type ServerAddress,
  streamEndpointOf,
} from "./server_address.ts";

/**
 * Connects to a stream endpoint.
 *
 * @param server The server: `host:port`, `unix:/path`, `tcp://host:port`, or an endpoint.
 * @param options Maximum time (30 seconds by default), signal and network.
 * @returns The connection.
 * @throws {UsageError} If the address is malformed.
 * @throws {ConnectError} If it is refused, unreachable or not found.
 * @throws {TimeoutError} If it took too long.
 * @throws {UnsupportedError} If the endpoint is one for datagrams.
 *
 * @example Connect within a second
 * ```ts
 * import { dial, memoryNetwork } from "@netwright/netwright/net";
 * const network = memoryNetwork();
 * const listener = network.listen({ transport: "tcp", hostname: "127.0.0.1", port: 7000 });
 * using connection = await dial("127.0.0.1:7000", { network, timeoutMs: 1000 });
 * using accepted = await listener.accept();
 * await connection.write(new TextEncoder().encode("hello"));
 * if (await accepted.read(new Uint8Array(10)) !== 5) throw new Error("not arrived");
 * listener.close();
 * ```
 */
export async function dial(
  server: ServerAddress,
  options: ClientOptions = {},
): Promise<Connection> {
  checkOptions(options, CLIENT_RULES);
  const { network = systemNetwork(), signal, timeoutMs } = options;
  const endpoint = streamEndpointOf(server, undefined, undefined);
  const context = { operation: "connect", peer: formatEndpoint(endpoint) };
  if ("port" in endpoint && endpoint.port === 0) {
    throw new UsageError("port 0 cannot be connected to", context);
  }
  if (!("path" in endpoint)) return await connectHost(network, endpoint, { signal, timeoutMs });
  using deadline = new Deadline({ signal, timeoutMs: timeoutMs ?? 30_000 }, context);
  const connecting = network.connect({ transport: "unix", path: endpoint.path });
  let late = false;
  const close = (): void => {
    late = true;
  };
  connecting.then((connection) => late && closeQuietly(connection), () => {});
  return await deadline.wait(connecting, close);
}
