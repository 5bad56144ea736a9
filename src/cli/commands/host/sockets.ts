/**
 * `netwright sockets`: the open sockets of this host (3.5 of the book's list).
 *
 * @module
 */

import { LIBC_PATHS } from "../../../net/internal.ts";
import type { Command } from "../../command/command.ts";
import type { Arguments } from "../../command/arguments.ts";

/** Which sockets are listed. */
export interface SocketsPlan {
  /** Their kinds. */
  readonly kinds: readonly string[];
  /** Whether only those that listen, or are bound without a peer. */
  readonly listening: boolean;
  /** A port at either end. */
  readonly port: number | undefined;
  /** Whether there are headings. */
  readonly header: boolean;
}

/** The command. */
export const command: Command<SocketsPlan> = {
  name: "sockets",
  summary: "list the open sockets of this host",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["sockets -tl", "sockets --tcp --port 80 --json"],
  details:
    "Needs the permission ffi (help sandbox): the runtime shows the kernel's tables in /proc/net only to\n" +
    "unrestricted processes. Without options: TCP and UDP. The last columns are bytes received but not\n" +
    "read, bytes sent but not acknowledged, and the processes that you may see.",
  options: {
    tcp: { short: "t", help: "TCP only" },
    udp: { short: "u", help: "UDP only" },
    unix: { short: "x", help: "UNIX sockets only" },
    all: { short: "a", help: "all kinds, unless some are given" },
    listening: { short: "l", help: "only those that listen, or are bound without a peer" },
    port: { value: "N", help: "only those with this port at either end" },
    "no-header": { short: "H", help: "no headings" },
    numeric: { short: "n", rare: true, help: "does nothing: addresses are always numbers" },
    processes: { short: "p", rare: true, help: "does nothing: processes are always shown" },
  },
  plan: (args) => ({
    kinds: kindsOf(args),
    listening: args.has("listening"),
    port: args.integer("port", { min: 0, max: 65_535, fallback: undefined }),
    header: !args.has("no-header"),
  }),
  capabilities: () => ({ ffi: LIBC_PATHS }),
};

function kindsOf(args: Arguments): string[] {
  const named = ["tcp", "udp", "unix"].filter((kind) => args.has(kind));
  // With a kind, --all means all states, as in other programs; they are shown anyway.
  if (named.length > 0) return named;
  return args.has("all") ? ["tcp", "udp", "unix"] : ["tcp", "udp"];
}
