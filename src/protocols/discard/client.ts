/**
 * Sends bytes that the server discards.
 *
 * @module
 */

import { checkOptions, CLIENT_RULES, endpointOf } from "../../net/internal.ts";
import {
  type ClientOptions,
  Deadline,
  dial,
  formatEndpoint,
  LineWriter,
  type ServerAddress,
  systemNetwork,
  UnsupportedError,
  wildcardAddress,
} from "../../net/mod.ts";

/**
 * Sends bytes to a discard server (RFC 863), over TCP or UDP as the endpoint says.
 *
 * @param server The server: `host`, `host:port`, `discard://host`, `udp://host:port`, or an endpoint. The port is 9 by default.
 * @param pieces What to send; over UDP each piece is a datagram.
 * @param options Longest time for connecting (default 30 seconds) and for each write (default 60
 *   seconds), and signal.
 * @returns How many bytes were sent. Over UDP their arrival is unknown.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If they cannot be sent.
 *
 * @example Send a line
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * import { streamService } from "@netwright/netwright/services";
 * import { discard } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * await using server = serve(await streamService("discard"), { network, port: 9 });
 * const sent = await discard("127.0.0.1", [new TextEncoder().encode("hello\r\n")], { network });
 * if (sent !== 7) throw new Error(`${sent} bytes`);
 * ```
 */
export async function discard(
  server: ServerAddress,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ClientOptions = {},
): Promise<number> {
  checkOptions(options, CLIENT_RULES);
  const { network = systemNetwork() } = options;
  const endpoint = endpointOf(server, "discard", 9);
  const peer = formatEndpoint(endpoint);
  let sent = 0;
  if (endpoint.transport === "udp") {
    const socket = network.listenDatagram(wildcardAddress(endpoint));
    try {
      for await (const piece of pieces) {
        options.signal?.throwIfAborted();
        sent += await socket.send(piece, { ...endpoint, transport: "udp" });
      }
    } finally {
      socket.close();
    }
    return sent;
  }
  if (endpoint.transport === "unixpacket") throw new UnsupportedError("no UNIX datagrams here");
  using connection = await dial(endpoint, options);
  using deadline = new Deadline(
    { signal: options.signal, idleTimeoutMs: options.timeoutMs ?? 60_000 },
    { operation: "write", peer },
  );
  const writer = new LineWriter(connection, { deadline, peer });
  for await (const piece of pieces) {
    await writer.write(piece);
    sent += piece.length;
  }
  await connection.closeWrite();
  return sent;
}
