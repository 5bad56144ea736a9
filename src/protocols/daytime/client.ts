/**
 * Asks for the time of day.
 *
 * @module
 */

import { endpointOf } from "../../net/internal.ts";
import { askForText, type ClientOptions, type ServerAddress } from "../../net/mod.ts";

/**
 * Asks a host for the time of day (RFC 867), over TCP or UDP as the endpoint says.
 *
 * @param server The server: `host`, `host:port`, `daytime://host`, `udp://host:port`, or an endpoint. The port is 13 by default.
 * @param options Longest time (default 30 seconds) and signal.
 * @returns The answer without its end of line; uncleaned, in whatever form the host likes.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If there is no answer.
 * @throws {ProtocolError} If the answer is empty.
 * @throws {LimitError} If it is longer than 4096 bytes.
 *
 * @example Ask and print
 * ```ts
 * import { parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { daytime } from "@netwright/netwright/small";
 * async function ask(host: string): Promise<string> {
 *   return await daytime(parseEndpoint(host, { defaultPort: 13 }));
 * }
 * ```
 */
export async function daytime(
  server: ServerAddress,
  options: ClientOptions = {},
): Promise<string> {
  return await askForText(endpointOf(server, "daytime", 13), {
    ...options,
    maxBytes: 4096,
  });
}
