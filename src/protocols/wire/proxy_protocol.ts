/**
 * The PROXY protocol, versions 1 and 2: a proxy tells a server who its client is, before the first byte of the client.
 *
 * @module
 */

import {
  type Address,
  type Connection,
  Deadline,
  formatEndpoint,
  formatIp,
  parseIp,
  ProtocolError,
  type WaitOptions,
} from "../../net/mod.ts";

/** What a proxy says of a connection. */
export interface ProxiedAddresses {
  /** The client. */
  readonly source: Address;
  /** Where it connected to. */
  readonly destination: Address;
}

/** The shortest header of version 1, and what tells versions apart: no byte of the client is in it. */
const FIRST_BYTES = 15;
/** Longest line of version 1, with its end. */
const MAX_LINE = 107;
/** Longest header of version 2 behind its first 16 bytes: addresses and what proxies add to them. */
const MAX_BODY = 4096;
const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const LF = 0x0a;
/** Longest path of a UNIX socket in version 2. */
const PATH_BYTES = 108;

/**
 * Reads the header of a connection, and no byte more.
 *
 * @param connection The connection of a proxy.
 * @param options Longest time in all (default 5 seconds), and signal.
 * @returns The addresses; undefined if the proxy speaks for itself, as for its checks of health, or does not know them.
 * @throws {ProtocolError} If the header is malformed or missing: the connection must be closed.
 * @throws {TimeoutError} If it does not come in time.
 *
 * @example A header of version 1
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { readProxyHeader } from "@netwright/netwright/wire";
 * const network = memoryNetwork();
 * using listener = network.listen({ port: 80 });
 * using proxy = await network.connect({ hostname: "127.0.0.1", port: 80 });
 * using connection = await listener.accept();
 * await proxy.write(new TextEncoder().encode("PROXY TCP4 192.0.2.1 192.0.2.2 5000 80\r\n"));
 * const addresses = await readProxyHeader(connection);
 * if (addresses?.source.transport !== "tcp") throw new Error("unknown");
 * if (addresses.source.hostname !== "192.0.2.1") throw new Error(addresses.source.hostname);
 * ```
 */
export async function readProxyHeader(
  connection: Connection,
  { timeoutMs = 5000, signal }: WaitOptions = {},
): Promise<ProxiedAddresses | undefined> {
  const peer = formatEndpoint(connection.remoteAddr);
  const context = { operation: "read the PROXY header", peer };
  using deadline = new Deadline({ timeoutMs, signal }, context);
  const fill = async (buffer: Uint8Array): Promise<Uint8Array> => {
    for (let done = 0; done < buffer.length;) {
      const read = connection.read(buffer.subarray(done));
      const count = await deadline.wait(read, () => connection.close());
      if (count === null) throw new ProtocolError("the PROXY header is cut off", context);
      done += count;
    }
    return buffer;
  };
  const first = await fill(new Uint8Array(FIRST_BYTES));
  if (SIGNATURE.every((byte, at) => first[at] === byte)) {
    const [last = 0] = await fill(new Uint8Array(1));
    const length = first[14]! * 256 + last;
    if (length > MAX_BODY) throw new ProtocolError("the PROXY header is too long", context);
    const body = await fill(new Uint8Array(length));
    return parseV2(first[12]!, first[13]!, body, context);
  }
  if (!new TextDecoder().decode(first).startsWith("PROXY ")) {
    throw new ProtocolError("the connection begins with no PROXY header", context);
  }
  const bytes = [...first];
  while (bytes.at(-1) !== LF) {
    if (bytes.length >= MAX_LINE) throw new ProtocolError("the PROXY header is too long", context);
    bytes.push(...await fill(new Uint8Array(1)));
  }
  return parseV1(new TextDecoder("latin1").decode(Uint8Array.from(bytes)), context);
}

type Context = { readonly operation: string; readonly peer: string };

const V1 = /^PROXY TCP([46]) (\S{1,45}) (\S{1,45}) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})\r\n$/;

function parseV1(line: string, context: Context): ProxiedAddresses | undefined {
  // Whatever follows is to be ignored.
  if (/^PROXY UNKNOWN(?: [^\r\n]*)?\r\n$/.test(line)) return undefined;
  const [, version, source = "", destination = "", from, to] = V1.exec(line) ?? [];
  const addressOf = (text: string, port: number): Address | undefined => {
    const address = parseIp(text);
    if (address?.version !== Number(version) || port > 65_535) return undefined;
    return { transport: "tcp", hostname: formatIp(address), port };
  };
  const addresses = [addressOf(source, Number(from)), addressOf(destination, Number(to))] as const;
  if (version === undefined || addresses[0] === undefined || addresses[1] === undefined) {
    throw new ProtocolError("the PROXY header is malformed", context);
  }
  return { source: addresses[0], destination: addresses[1] };
}

/** Sizes of both addresses and ports, by family. */
const SIZES: Readonly<Record<number, number>> = { 1: 12, 2: 36, 3: 2 * PATH_BYTES };

function parseV2(
  command: number,
  kind: number,
  body: Uint8Array,
  context: Context,
): ProxiedAddresses | undefined {
  const [version, order] = [command >> 4, command & 15];
  if (version !== 2 || order > 1) {
    throw new ProtocolError("the PROXY header is of an unknown version", context);
  }
  const [family, transport] = [kind >> 4, kind & 15];
  const size = SIZES[family];
  // LOCAL, and families that are not known: the connection counts as it is.
  if (order === 0 || size === undefined || transport > 2) return undefined;
  if (body.length < size) throw new ProtocolError("the PROXY header is malformed", context);
  if (family === 3) {
    const pathAt = (begin: number): Address => {
      const field = body.subarray(begin, begin + PATH_BYTES);
      const end = field.indexOf(0);
      const path = new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
      return { transport: "unix", path };
    };
    return { source: pathAt(0), destination: pathAt(PATH_BYTES) };
  }
  const width = family === 1 ? 4 : 16;
  const view = new DataView(body.buffer, body.byteOffset);
  const addressAt = (index: 0 | 1): Address => {
    const bytes = body.subarray(index * width, (index + 1) * width);
    const value = bytes.reduce((all, byte) => all * 256n + BigInt(byte), 0n);
    const hostname = formatIp({ version: family === 1 ? 4 : 6, value });
    return { transport: "tcp", hostname, port: view.getUint16(2 * width + 2 * index) };
  };
  return { source: addressAt(0), destination: addressAt(1) };
}
