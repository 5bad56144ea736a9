/**
 * Takes generated characters.
 *
 * @module
 */

import { checkOptions, CLIENT_RULES, clientOptions, endpointOf } from "../../net/internal.ts";
import {
  askDatagram,
  type ClientOptions,
  Deadline,
  dial,
  formatEndpoint,
  LineReader,
  type ServerAddress,
  UnsupportedError,
} from "../../net/mod.ts";

/** Longest answer to a datagram (RFC 864). */
const MAX_DATAGRAM = 512;

/** How much is taken. */
export interface ChargenOptions extends ClientOptions {
  /** Most bytes; over TCP the generator never ends by itself. @default {65536} */
  readonly maxBytes?: number | undefined;
}

/**
 * Takes characters from a generator (RFC 864), over TCP or UDP as the endpoint says.
 *
 * @param server The server: `host`, `host:port`, `chargen://host`, `udp://host:port`, or an endpoint. The port is 19 by default.
 * @param options How much, maximum time for connecting (default 30 seconds) and for each piece (default
 *   60 seconds), and signal.
 * @returns Pieces, `maxBytes` in all unless the generator ends sooner; over UDP one datagram.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If they do not come.
 *
 * @example Count
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * import { streamService } from "@netwright/netwright/services";
 * import { chargen } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * await using server = serve(await streamService("chargen"), { network, port: 19 });
 * let bytes = 0;
 * for await (const piece of chargen("127.0.0.1", { network, maxBytes: 1000 })) bytes += piece.length;
 * if (bytes !== 1000) throw new Error(`${bytes} bytes`);
 * ```
 */
export async function* chargen(
  server: ServerAddress,
  options: ChargenOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  checkOptions(options, { ...CLIENT_RULES, maxBytes: "count" });
  const { maxBytes = 65_536 } = options;
  const endpoint = endpointOf(server, "chargen", 19);
  if (endpoint.transport === "udp") {
    // A careful server answers no more than it was sent.
    const question = new Uint8Array(Math.min(MAX_DATAGRAM, maxBytes)).fill(32);
    yield (await askDatagram(endpoint, question, clientOptions(options))).slice(0, maxBytes);
    return;
  }
  if (endpoint.transport === "unixpacket") throw new UnsupportedError("no UNIX datagrams here");
  const peer = formatEndpoint(endpoint);
  using connection = await dial(endpoint, clientOptions(options));
  using deadline = new Deadline(
    { signal: options.signal, idleTimeoutMs: options.timeoutMs ?? 60_000 },
    { operation: "read", peer },
  );
  const reader = new LineReader(connection, { deadline, peer });
  let left = maxBytes;
  for await (const piece of reader.body()) {
    const part = piece.slice(0, left);
    left -= part.length;
    yield part;
    if (left === 0) return;
  }
}
