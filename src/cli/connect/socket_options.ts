/**
 * `--socket-option` of commands that connect.
 *
 * @module
 */

import {
  ConnectError,
  type Connection,
  type Endpoint,
  isIp,
  SOCKET_OPTIONS,
  type SocketOptionName,
  UnsupportedError,
  UsageError,
  withoutZone,
} from "../../net/mod.ts";
import type { SocketOptionSetting } from "../../os/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Context } from "../command/context.ts";

/** Options that the runtime's own sockets can set. */
const RUNTIME_OPTIONS: readonly string[] = ["noDelay", "keepAlive"];
/** Options that mean something to datagrams only. */
const DATAGRAM_OPTIONS: readonly string[] = ["broadcast", "multicastTtl", "multicastLoop"];

/**
 * Tells whether options need sockets of the system's own calls.
 *
 * @param options The options.
 * @returns Whether one of them does.
 */
export function needsSystemCalls(options: readonly SocketOptionSetting[]): boolean {
  return options.some(([name]) => !RUNTIME_OPTIONS.includes(name));
}

/**
 * Connects by the system's own calls, to the first of a name's addresses that answers.
 *
 * @param endpoint Whom.
 * @param options What is set before.
 * @param context Where the command runs.
 * @param signal Aborting it gives up.
 * @returns The connection.
 * @throws {UnsupportedError} If it is a UNIX socket, or this is not Linux.
 * @throws {ConnectError} If no address can be connected.
 */
export async function connectByCalls(
  endpoint: Endpoint,
  options: readonly SocketOptionSetting[],
  context: Context,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const [name] = options.find(([name]) => !RUNTIME_OPTIONS.includes(name))!;
  if ("path" in endpoint) {
    throw new UnsupportedError("UNIX sockets have no such option", {
      operation: `set the socket option ${name}`,
    });
  }
  const { hostname, port } = endpoint;
  const addresses = isIp(withoutZone(hostname)) ? [hostname] : await context.host.lookUp(hostname);
  const { connectSystemStream } = await import("../../os/mod.ts");
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await connectSystemStream({ hostname: address, port }, options, { signal });
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * Reads `--socket-option`.
 *
 * @param args The command line.
 * @returns The options in order.
 * @throws {UsageError} If there is no such option, or its value is none.
 */
export function parseSocketOptions(args: Arguments): SocketOptionSetting[] {
  if (args.has("socket-option") && args.has("udp")) {
    throw new UsageError("--socket-option is for connections, not for --udp");
  }
  return args.values("socket-option").map((text) => {
    const [name = "", value = "true"] = text.split("=", 2);
    const kind = Object.hasOwn(SOCKET_OPTIONS, name)
      ? SOCKET_OPTIONS[name as SocketOptionName]
      : undefined;
    if (kind === undefined) {
      const names = Object.keys(SOCKET_OPTIONS)
        .filter((name) => !DATAGRAM_OPTIONS.includes(name)).join(", ");
      throw new UsageError(`there is no socket option "${name}"; there are ${names}`);
    }
    if (DATAGRAM_OPTIONS.includes(name)) {
      throw new UsageError(`the socket option ${name} is for datagrams only`);
    }
    const parsed = kind === "boolean"
      ? value === "true" ? true : value === "false" ? false : undefined
      : /^-?\d{1,9}$/.test(value)
      ? Number(value)
      : undefined;
    if (parsed === undefined) {
      throw new UsageError(
        `the socket option ${name} is ${kind === "boolean" ? "true or false" : "a number"}`,
      );
    }
    return [name as SocketOptionName, parsed] as const;
  });
}
