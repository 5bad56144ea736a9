/**
 * Asks for the time as a number.
 *
 * @module
 */

import { endpointOf } from "../../net/internal.ts";
import {
  askDatagram,
  type ClientOptions,
  Deadline,
  dial,
  DisconnectedError,
  type Endpoint,
  formatEndpoint,
  LineReader,
  ProtocolError,
  type ServerAddress,
  UnsupportedError,
} from "../../net/mod.ts";
import { decodeTime } from "./codec.ts";

/**
 * Asks a host for the time (RFC 868), over TCP or UDP as the endpoint says.
 *
 * @param server The server: `host`, `host:port`, `time://host`, `udp://host:port`, or an endpoint. The port is 37 by default.
 * @param options Longest time (default 30 seconds) and signal.
 * @returns The host's time, to the second.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If no answer arrives.
 * @throws {ProtocolError} If the answer has not four bytes.
 *
 * @example How far is our clock off?
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * import { streamService } from "@netwright/netwright/services";
 * import { time } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * await using server = serve(await streamService("time"), { network, port: 37 });
 * const offsetMs = (await time("127.0.0.1", { network })).getTime() - Date.now();
 * if (Math.abs(offsetMs) > 5000) throw new Error(`${offsetMs} ms`);
 * ```
 */
export async function time(
  server: ServerAddress,
  options: ClientOptions = {},
): Promise<Date> {
  return decodeTime(await ask(endpointOf(server, "time", 37), options));
}

async function ask(
  endpoint: Endpoint,
  options: ClientOptions,
): Promise<Uint8Array> {
  const context = { operation: "read the time", peer: formatEndpoint(endpoint) };
  if (endpoint.transport === "udp") {
    const answer = await askDatagram(endpoint, new Uint8Array(0), options);
    if (answer.length === 4) return answer;
    throw new ProtocolError(`the answer has ${answer.length} bytes instead of 4`, context);
  }
  if (endpoint.transport === "unixpacket") throw new UnsupportedError("no UNIX datagrams here");
  using connection = await dial(endpoint, options);
  using deadline = new Deadline({ timeoutMs: 60_000, ...options }, context);
  const reader = new LineReader(connection, { deadline, peer: context.peer });
  try {
    return await reader.readExact(4);
  } catch (error) {
    if (!(error instanceof DisconnectedError) || error.kind !== "closed") throw error;
    throw new ProtocolError("the answer has fewer than 4 bytes", { ...context, cause: error });
  }
}
