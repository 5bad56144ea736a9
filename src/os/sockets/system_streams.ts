/**
 * A network whose servers use the system's own calls.
 *
 * @module
 */

import { type Listener, type Network, overrideNetwork } from "../../net/mod.ts";
import { prepareListener } from "./listening_socket.ts";
import { SharedListener } from "./shared_listener.ts";
import { openSocketCalls } from "../libc/socket_calls.ts";

/**
 * Makes a network that listens for TCP by the system's own calls; all else is the other network's. The system watches
 * all silent connections at once, so that one costs a tenth of the memory that the runtime's sockets take.
 *
 * @param network The other network.
 * @returns The network. Its first listener needs no permission any more; another one does.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 *
 * @example A server of many silent clients
 * ```ts
 * import { parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { systemStreams } from "@netwright/netwright";
 * import { serveMultiplex } from "@netwright/netwright/servers";
 * async function serve(): Promise<void> {
 *   const network = systemStreams(systemNetwork());
 *   const hello = {
 *     name: "hello",
 *     async handle(connection: { write(p: Uint8Array): Promise<number> }): Promise<void> {
 *       await connection.write(new TextEncoder().encode("HELLO"));
 *     },
 *   };
 *   const endpoint = parseEndpoint("127.0.0.1:8080");
 *   await using server = serveMultiplex(hello, { network, endpoint, maxConnections: 100_000 });
 *   await server.finished;
 * }
 * ```
 */
export function systemStreams(network: Network): Network {
  openSocketCalls();
  let first: ReturnType<typeof prepareListener> | undefined = prepareListener();
  return overrideNetwork(network, {
    listen(options): Listener {
      if (options.transport === "unix" || options.reusePort) return network.listen(options);
      const { hostname = "0.0.0.0", port } = options;
      const open = first ?? prepareListener();
      first = undefined;
      return new SharedListener(open({ transport: "tcp", hostname, port }));
    },
  });
}
