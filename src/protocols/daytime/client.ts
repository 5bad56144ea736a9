/**
 * Asks for the time of day.
 *
 * @module
 */

import { askForText, type Endpoint, type Network, type WaitOptions } from "../../net/mod.ts";

/**
 * Asks a host for the time of day (RFC 867), over TCP or UDP as the endpoint says.
 *
 * @param network Where.
 * @param endpoint Whom; the port is usually 13.
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
 *   return await daytime(systemNetwork(), parseEndpoint(host, { defaultPort: 13 }));
 * }
 * ```
 */
export async function daytime(
  network: Network,
  endpoint: Endpoint,
  options: WaitOptions = {},
): Promise<string> {
  return await askForText(network, endpoint, { ...options, maxBytes: 4096 });
}
