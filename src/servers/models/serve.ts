/**
 * A server in one call.
 *
 * @module
 */

import { checkOptions } from "../../net/internal.ts";
import { type HostEndpoint } from "../../net/mod.ts";
import type { Service } from "../../services/mod.ts";
import { SERVE_RULES } from "../core/serve_rules.ts";
import type { ServeOptions, Server } from "../core/server.ts";
import { serveMultiplex } from "./multiplex.ts";

/** Where {@link serve} listens, and all that the models take. */
export interface SimpleServeOptions extends Omit<ServeOptions, "endpoint"> {
  /** The port; 0 picks a free one. @default {0} */
  readonly port?: number | undefined;
  /** The address to listen on; `0.0.0.0` and `::` are all of this host's. @default {"127.0.0.1"} */
  readonly hostname?: string | undefined;
}

/** A server on a port of this host. */
export interface PortServer extends Server {
  /** Where it listens, with the real port. */
  readonly endpoint: HostEndpoint;
}

/**
 * Serves all clients in this thread, as many at once as the limits allow ({@link serveMultiplex}); the other models are
 * functions of their own.
 *
 * @param service The service.
 * @param options The port, limits, timeouts, log.
 * @returns The running server; disposing of it ends it.
 * @throws {RangeError} If the port is not one.
 * @throws {ConnectError} If the address is in use or not ours.
 *
 * @example A protocol of one's own
 * ```ts
 * import { askForText, type Connection, LineWriter, memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * const hello = {
 *   name: "hello",
 *   async handle(connection: Connection) {
 *     await new LineWriter(connection).writeLine("hello");
 *   },
 * };
 * const network = memoryNetwork();
 * await using server = serve(hello, { network });
 * if (await askForText(server.endpoint, { network }) !== "hello") throw new Error("not said");
 * ```
 */
export function serve(service: Service, options: SimpleServeOptions = {}): PortServer {
  const { endpoint: _, ...rules } = SERVE_RULES;
  checkOptions(options, { ...rules, port: "port", hostname: "any" });
  const { port = 0, hostname = "127.0.0.1", ...rest } = options;
  const endpoint = { transport: "tcp", hostname, port } as const;
  return serveMultiplex(service, { ...rest, endpoint }) as PortServer;
}
