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
 * @throws {ConnectError|DisconnectedError|TimeoutError} If no answer arrives.
 * @throws {ProtocolError} If the answer is empty.
 * @throws {LimitError} If it is longer than 4096 bytes.
 *
 * @example Ask and print
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * import { streamService } from "@netwright/netwright/services";
 * import { daytime } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * await using server = serve(await streamService("daytime"), { network, port: 13 });
 * const text = await daytime("127.0.0.1", { network });
 * if (!text.includes(":")) throw new Error(text);
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
