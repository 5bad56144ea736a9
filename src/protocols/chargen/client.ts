/**
 * Takes generated characters.
 *
 * @module
 */

import {
  askDatagram,
  Deadline,
  dial,
  type Endpoint,
  formatEndpoint,
  LineReader,
  type Network,
  UnsupportedError,
  type WaitOptions,
} from "../../net/mod.ts";

/** Longest answer to a datagram (RFC 864). */
const MAX_DATAGRAM = 512;

/** How much is taken. */
export interface ChargenOptions extends WaitOptions {
  /** Most bytes; over TCP the generator never ends by itself. @default {65536} */
  readonly maxBytes?: number | undefined;
}

/**
 * Takes characters from a generator (RFC 864), over TCP or UDP as the endpoint says.
 *
 * @param network Where.
 * @param endpoint Whom; the port is usually 19.
 * @param options How much, longest time for connecting (default 30 seconds) and for each piece (default
 *   60 seconds), and signal.
 * @returns Pieces, `maxBytes` in all unless the generator ends sooner; over UDP one datagram. Each is
 *   valid until the next is asked for.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If they do not come.
 *
 * @example Count
 * ```ts
 * import { parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { chargen } from "@netwright/netwright/small";
 * async function count(host: string): Promise<number> {
 *   let bytes = 0;
 *   const endpoint = parseEndpoint(host, { defaultPort: 19 });
 *   for await (const piece of chargen(systemNetwork(), endpoint)) bytes += piece.length;
 *   return bytes;
 * }
 * ```
 */
export async function* chargen(
  network: Network,
  endpoint: Endpoint,
  options: ChargenOptions = {},
): AsyncGenerator<Uint8Array> {
  const { maxBytes = 65_536 } = options;
  if (endpoint.transport === "udp") {
    // A careful server answers no more than it was sent.
    const question = new Uint8Array(Math.min(MAX_DATAGRAM, maxBytes)).fill(32);
    yield (await askDatagram(network, endpoint, question, options)).subarray(0, maxBytes);
    return;
  }
  if (endpoint.transport === "unixpacket") throw new UnsupportedError("no UNIX datagrams here");
  const peer = formatEndpoint(endpoint);
  using connection = await dial(network, endpoint, options);
  using deadline = new Deadline(
    { signal: options.signal, idleMs: options.timeoutMs ?? 60_000 },
    { operation: "read", peer },
  );
  const reader = new LineReader(connection, { deadline, peer });
  let left = maxBytes;
  for await (const piece of reader.body()) {
    const part = piece.subarray(0, left);
    left -= part.length;
    yield part;
    if (left === 0) return;
  }
}
