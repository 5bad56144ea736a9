/**
 * Connecting to an endpoint, and reading all that it says.
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { Connection, Reader } from "../core/connection.ts";
import { Deadline, type WaitOptions } from "../core/deadline.ts";
import { type Endpoint, formatEndpoint } from "../address/endpoint.ts";
import { LimitError, TimeoutError, UnsupportedError, UsageError } from "../core/errors.ts";
import type { Network } from "../core/network.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/**
 * Connects to a stream endpoint.
 *
 * @param network Where.
 * @param endpoint Whom.
 * @param options Longest time (default 30 seconds) and signal.
 * @returns The connection.
 * @throws {ConnectError} If it is refused, unreachable or not found.
 * @throws {TimeoutError} If it took too long.
 * @throws {UnsupportedError} If the endpoint is one for datagrams.
 *
 * @example Connect within a second
 * ```ts
 * import { type Connection, dial, parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * async function connect(text: string): Promise<Connection> {
 *   return await dial(systemNetwork(), parseEndpoint(text), { timeoutMs: 1000 });
 * }
 * ```
 */
export async function dial(
  network: Network,
  endpoint: Endpoint,
  options: WaitOptions = {},
): Promise<Connection> {
  const context = { operation: "connect", peer: formatEndpoint(endpoint) };
  if (endpoint.transport === "udp" || endpoint.transport === "unixpacket") {
    throw new UnsupportedError("datagrams have no connections", context);
  }
  if ("port" in endpoint && endpoint.port === 0) {
    throw new UsageError("port 0 cannot be connected to", context);
  }
  const timeoutMs = options.timeoutMs ?? 30_000;
  using deadline = new Deadline({ signal: options.signal, timeoutMs }, context);
  if (!("path" in endpoint)) {
    try {
      return await network.connect({ ...endpoint, transport: "tcp", signal: deadline.signal });
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      throw new TimeoutError(`no connection within ${timeoutMs / 1000} s`, {
        ...context,
        cause: error,
      });
    }
  }
  const connecting = network.connect({ transport: "unix", path: endpoint.path });
  let late = false;
  const close = (): void => {
    late = true;
  };
  connecting.then((connection) => late && closeQuietly(connection), () => {});
  return await deadline.wait(connecting, close);
}

/** How much {@link readToEnd} takes, and how long. */
export interface ReadToEndOptions extends WaitOptions {
  /** Most bytes. @default {1048576} */
  readonly maxBytes?: number | undefined;
  /** Whom it reads from, for error messages. */
  readonly peer?: string | undefined;
}

/**
 * Reads all that comes until the end.
 *
 * @param source Where it comes from; it is closed if the time is over.
 * @param options Limits; the time is for the whole, default 60 seconds.
 * @returns The bytes.
 * @throws {LimitError} If there are more than `maxBytes`.
 * @throws {DisconnectedError} If the connection broke.
 * @throws {TimeoutError} If the end did not come in time.
 *
 * @example All that a connection says
 * ```ts
 * import { type Connection, readToEnd } from "@netwright/netwright/net";
 * async function textOf(connection: Connection): Promise<string> {
 *   return new TextDecoder().decode(await readToEnd(connection, { maxBytes: 1000 }));
 * }
 * ```
 */
export async function readToEnd(
  source: Reader & { close?(): void },
  options: ReadToEndOptions = {},
): Promise<Uint8Array> {
  const { maxBytes = 1024 * 1024, peer, signal, timeoutMs = 60_000 } = options;
  const context = { operation: "read", peer };
  using deadline = new Deadline({ signal, timeoutMs }, context);
  let buffer = new Uint8Array(Math.min(4096, maxBytes + 1));
  let length = 0;
  while (true) {
    if (length === buffer.length) {
      const larger = new Uint8Array(Math.min(buffer.length * 2, maxBytes + 1));
      larger.set(buffer);
      buffer = larger;
    }
    let count: number | null;
    try {
      count = await deadline.wait(source.read(buffer.subarray(length)), () => closeQuietly(source));
    } catch (error) {
      throw toNetwrightError(error, context);
    }
    if (count === null) return buffer.slice(0, length);
    length += count;
    if (length > maxBytes) {
      throw new LimitError(`more than ${maxBytes} bytes came`, { ...context, limit: maxBytes });
    }
  }
}

/**
 * Writes all of a buffer, however little each write takes.
 *
 * @param sink Where to.
 * @param bytes What.
 */
export async function writeAll(
  sink: { write(p: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await sink.write(done === 0 ? bytes : bytes.subarray(done));
  }
}
