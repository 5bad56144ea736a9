/**
 * `--socket-option` of commands that connect.
 *
 * @module
 */

import { SOCKET_OPTIONS, type SocketOptionName, UsageError } from "../../net/mod.ts";
import type { SocketOptionSetting } from "../../os/internal.ts";
import type { Arguments } from "../command/arguments.ts";

/** Options that the runtime's own sockets can set. */
export const RUNTIME_OPTIONS: readonly string[] = ["noDelay", "keepAlive"];
/** Options that mean something to datagrams only. */
const DATAGRAM_OPTIONS: readonly string[] = ["broadcast", "multicastTtl", "multicastLoop"];

/**
 * Checks whether options need sockets of the system's own calls.
 *
 * @param options The options.
 * @returns Whether one of them does.
 */
export function needsSystemCalls(options: readonly SocketOptionSetting[]): boolean {
  return options.some(([name]) => !RUNTIME_OPTIONS.includes(name));
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
      throw new UsageError(`unknown socket option "${name}"; known: ${names}`);
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
