/**
 * Asks for a quote.
 *
 * @module
 */

import { endpointOf } from "../../net/internal.ts";
import { askForText, type ClientOptions, type ServerAddress } from "../../net/mod.ts";

/**
 * Asks a host for its quote of the day (RFC 865), over TCP or UDP as the endpoint says.
 *
 * @param server The server: `host`, `host:port`, `qotd://host`, `udp://host:port`, or an endpoint. The port is 17 by default.
 * @param options Longest time (default 30 seconds) and signal.
 * @returns The quote, its lines ending with LF; uncleaned.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If no answer arrives.
 * @throws {ProtocolError} If the answer is empty.
 * @throws {LimitError} If it is longer than 64 KiB; the RFC proposes 512 characters.
 *
 * @example Ask and print
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * import { streamService } from "@netwright/netwright/services";
 * import { qotd } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * await using server = serve(await streamService("qotd"), { network, port: 17 });
 * if (await qotd("127.0.0.1", { network }) === "") throw new Error("no quote");
 * ```
 */
export async function qotd(
  server: ServerAddress,
  options: ClientOptions = {},
): Promise<string> {
  return await askForText(endpointOf(server, "qotd", 17), options);
}
