/**
 * The multiplex model: one event loop, many connections (chapter 12 of the book).
 *
 * @module
 */

import { checkOptions } from "../../net/internal.ts";
import { systemNetwork } from "../../net/mod.ts";
import type { Service } from "../../services/mod.ts";
import { InThreadServer } from "../in_thread/in_thread_server.ts";
import { listeningEndpoint, listenOn } from "../core/listen.ts";
import { SERVE_RULES } from "../core/serve_rules.ts";
import type { ServeOptions, Server } from "../core/server.ts";

/**
 * Serves all clients in this thread, as many at once as the limits allow.
 *
 * @param service The service.
 * @param options Where to listen, limits, time-outs, log.
 * @returns The running server.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {RangeError} If an option is out of range.
 * @throws {CapabilityError} If the network's scope does not cover it.
 *
 * @example An upper-case server, in memory
 * ```ts
 * import { dial, memoryNetwork, readToEnd } from "@netwright/netwright/net";
 * import { serveMultiplex } from "@netwright/netwright/servers";
 * const network = memoryNetwork();
 * const hello = {
 *   name: "hello",
 *   async handle(connection: { write(p: Uint8Array): Promise<number> }): Promise<void> {
 *     await connection.write(new TextEncoder().encode("HELLO"));
 *   },
 * };
 * await using server = serveMultiplex(hello, { network, endpoint: "127.0.0.1:0" });
 * const connection = await dial(server.endpoint, { network });
 * const text = new TextDecoder().decode(await readToEnd(connection));
 * if (text !== "HELLO") throw new Error(text);
 * connection.close();
 * ```
 */
export function serveMultiplex(service: Service, options: ServeOptions): Server {
  checkOptions(options, SERVE_RULES);
  const { network = systemNetwork(), endpoint } = options;
  const listening = listenOn(network, listeningEndpoint(endpoint));
  return new InThreadServer(service, options, listening);
}
