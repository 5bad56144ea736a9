/**
 * Asks for the time as a number.
 *
 * @module
 */

import {
  askDatagram,
  Deadline,
  dial,
  DisconnectedError,
  type Endpoint,
  formatEndpoint,
  LineReader,
  type Network,
  ProtocolError,
  UnsupportedError,
  type WaitOptions,
} from "../../net/mod.ts";
import { decodeTime } from "./codec.ts";

/**
 * Asks a host for the time (RFC 868), over TCP or UDP as the endpoint says.
 *
 * @param network Where.
 * @param endpoint Whom; the port is usually 37.
 * @param options Longest time (default 30 seconds) and signal.
 * @returns The host's time, to the second.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If there is no answer.
 * @throws {ProtocolError} If the answer has not four bytes.
 *
 * @example How far is our clock off?
 * ```ts
 * import { parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { time } from "@netwright/netwright/small";
 * async function offsetMs(host: string): Promise<number> {
 *   const theirs = await time(systemNetwork(), parseEndpoint(host, { defaultPort: 37 }));
 *   return theirs.getTime() - Date.now();
 * }
 * ```
 */
export async function time(
  network: Network,
  endpoint: Endpoint,
  options: WaitOptions = {},
): Promise<Date> {
  return decodeTime(await ask(network, endpoint, options));
}

async function ask(
  network: Network,
  endpoint: Endpoint,
  options: WaitOptions,
): Promise<Uint8Array> {
  const context = { operation: "read the time", peer: formatEndpoint(endpoint) };
  if (endpoint.transport === "udp") {
    const answer = await askDatagram(network, endpoint, new Uint8Array(0), options);
    if (answer.length === 4) return answer;
    throw new ProtocolError(`the answer has ${answer.length} bytes instead of 4`, context);
  }
  if (endpoint.transport === "unixpacket") throw new UnsupportedError("no UNIX datagrams here");
  using connection = await dial(network, endpoint, options);
  using deadline = new Deadline({ timeoutMs: 60_000, ...options }, context);
  const reader = new LineReader(connection, { deadline, peer: context.peer });
  try {
    return await reader.readExact(4);
  } catch (error) {
    if (!(error instanceof DisconnectedError) || error.kind !== "closed") throw error;
    throw new ProtocolError("the answer has fewer than 4 bytes", { ...context, cause: error });
  }
}
