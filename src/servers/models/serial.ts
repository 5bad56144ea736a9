/**
 * The serial model: one connection after the other (chapter 4 of the book).
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
 * Serves one client at a time; the others wait in the system's queue until it has gone. For services that
 * must never run twice at once, and for learning why the other models exist: set a short `idleTimeoutMs`,
 * or one silent client keeps all others waiting.
 *
 * @param service The service.
 * @param options Where to listen, limits, time-outs, log.
 * @returns The running server.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {RangeError} If an option is out of range.
 * @throws {CapabilityError} If the network's scope does not cover it.
 *
 * @example Two clients, one after the other
 * ```ts
 * import { dial, memoryNetwork, readToEnd } from "@netwright/netwright/net";
 * import { serveSerial } from "@netwright/netwright/servers";
 * const network = memoryNetwork();
 * let count = 0;
 * const counter = {
 *   name: "counter",
 *   async handle(connection: { write(p: Uint8Array): Promise<number> }): Promise<void> {
 *     await connection.write(Uint8Array.of(++count));
 *   },
 * };
 * await using server = serveSerial(counter, { network, endpoint: "127.0.0.1:0" });
 * using first = await dial(server.endpoint, { network });
 * using second = await dial(server.endpoint, { network });
 * if ((await readToEnd(first))[0] !== 1 || (await readToEnd(second))[0] !== 2) throw new Error();
 * ```
 */
export function serveSerial(service: Service, options: ServeOptions): Server {
  checkOptions(options, SERVE_RULES);
  const { network = systemNetwork(), endpoint } = options;
  const listening = listenOn(network, listeningEndpoint(endpoint));
  return new InThreadServer(service, options, listening, { concurrency: 1 });
}
