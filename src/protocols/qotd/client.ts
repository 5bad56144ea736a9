/**
 * Asks for a quote.
 *
 * @module
 */

import { askForText, type Endpoint, type Network, type WaitOptions } from "../../net/mod.ts";

/**
 * Asks a host for its quote of the day (RFC 865), over TCP or UDP as the endpoint says.
 *
 * @param network Where.
 * @param endpoint Whom; the port is usually 17.
 * @param options Longest time (default 30 seconds) and signal.
 * @returns The quote, its lines ending with LF; uncleaned.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If there is no answer.
 * @throws {ProtocolError} If the answer is empty.
 * @throws {LimitError} If it is longer than 64 KiB; the RFC proposes 512 characters.
 *
 * @example Ask and print
 * ```ts
 * import { parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { qotd } from "@netwright/netwright/small";
 * async function ask(host: string): Promise<string> {
 *   return await qotd(systemNetwork(), parseEndpoint(host, { defaultPort: 17 }));
 * }
 * ```
 */
export async function qotd(
  network: Network,
  endpoint: Endpoint,
  options: WaitOptions = {},
): Promise<string> {
  return await askForText(network, endpoint, options);
}
