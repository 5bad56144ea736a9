/**
 * Connections with any socket option, for the runtime's own know two.
 *
 * @module
 */

import { withoutZone } from "../../net/internal.ts";
import {
  type Connection,
  NetwrightError,
  parseIp,
  type SocketOptionName,
  type SocketOptions,
  UnsupportedError,
  type WaitOptions,
} from "../../net/mod.ts";
import type { SocketAddress } from "./sockaddr.ts";
import { SystemCallError } from "../libc/system_call_error.ts";
import { SystemSocket } from "./system_socket.ts";
import { SystemStream } from "./system_stream.ts";

/** An option and its value. */
export type SocketOptionSetting = readonly [name: SocketOptionName, value: boolean | number];

/**
 * Connects by the system's own calls.
 *
 * @param address The peer.
 * @param settings Options that are set before the connection is made, so that its first packet has them already.
 * @param options Longest time and signal.
 * @returns The connection, whose options can all be read and set.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 * @throws {NetwrightError} If an option does not take the value.
 * @throws {ConnectError} If it is refused or unreachable.
 * @throws {TimeoutError} If it took too long.
 *
 * @example A connection that may take 3 hops
 * ```ts
 * import { connectSystemStream } from "./system_connect.ts";
 * async function near(): Promise<void> {
 *   using _ = await connectSystemStream({ hostname: "192.0.2.1", port: 80 }, [["ttl", 3]]);
 * }
 * ```
 */
export async function connectSystemStream(
  address: SocketAddress,
  settings: readonly SocketOptionSetting[],
  options: WaitOptions = {},
): Promise<Connection & { readonly socketOptions: SocketOptions }> {
  const ip = parseIp(withoutZone(address.hostname));
  if (ip === undefined) {
    throw new RangeError(`${JSON.stringify(address.hostname)} is no IP address`);
  }
  const socket = new SystemSocket({ version: ip.version, type: "stream" });
  try {
    for (const [name, value] of settings) {
      const { set, reason } = socket.socketOptions.support(name);
      if (!set) {
        throw new UnsupportedError(reason ?? "not settable", {
          operation: `set the socket option ${name}`,
        });
      }
      try {
        socket.socketOptions.set(name, value);
      } catch (error) {
        if (!(error instanceof SystemCallError)) throw error;
        throw new NetwrightError(`the system does not take ${name}=${value}: ${error.reason}`, {
          operation: `set the socket option ${name}`,
          cause: error,
        });
      }
    }
    await socket.connect(address, options);
    const local = socket.localAddress ?? { hostname: ip.version === 4 ? "0.0.0.0" : "::", port: 0 };
    const stream = new SystemStream(
      socket.release(),
      { transport: "tcp", ...local },
      { transport: "tcp", ...address },
    );
    return Object.assign(stream, { socketOptions: socket.socketOptions });
  } catch (error) {
    socket.close();
    throw error;
  }
}
