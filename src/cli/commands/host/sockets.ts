/**
 * `netwright sockets`: the open sockets of this host (3.5 of the book's list).
 *
 * @module
 */

import { findSocketOwners, LIBC_PATHS, listOpenSockets, type OpenSocket } from "../../../os/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { Table } from "../../terminal/table.ts";

/** The command. */
export const command: Command = {
  name: "sockets",
  summary: "list the open sockets of this host",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["sockets -tl", "sockets --tcp --port 80 --json"],
  details:
    "Needs --allow-ffi for the C library, because the runtime shows the kernel's tables in /proc/net\n" +
    "only to processes that may do everything. Without options: TCP and UDP. The last columns are bytes\n" +
    "received and not read yet, bytes sent and not taken yet, and the processes, as far as you may see them.",
  options: {
    tcp: { short: "t", help: "TCP only" },
    udp: { short: "u", help: "UDP only" },
    unix: { short: "x", help: "UNIX sockets only" },
    all: { short: "a", help: "all kinds, unless some are named" },
    listening: { short: "l", help: "only those that listen, or are bound without a peer" },
    port: { value: "N", help: "only those with this port at either end" },
    "no-header": { short: "H", help: "no headings" },
    numeric: { short: "n", rare: true, help: "does nothing: addresses are always numbers" },
    processes: { short: "p", rare: true, help: "does nothing: processes are always shown" },
  },
  capabilities: () => ({ ffi: LIBC_PATHS }),
  async run(args, context) {
    const port = args.integer("port", { min: 0, max: 65_535, fallback: undefined });
    const found = listOpenSockets().filter((socket) => isWanted(socket, args, port));
    const owners = findSocketOwners();
    const table = new Table(context.stdout, {
      headings: ["KIND", "STATE", "LOCAL", "REMOTE", "RECEIVED", "UNSENT", "PROCESS"],
      alwaysHeaded: !args.has("no-header"),
    });
    for (const socket of found) {
      const processes = owners.get(socket.inode) ?? [];
      if (args.has("json")) await context.stdout.json({ ...socket, processes });
      else {
        const { protocol, type, state, local, remote, inode, receiveQueue, sendQueue } = socket;
        const held = processes.map(({ name, pid }) => `${name}[${pid}]`).join(" ");
        const kind = type === undefined ? protocol : `${protocol} ${type}`;
        // A UNIX socket is named by its number where it has no other name.
        const name = protocol === "unix" && local === "" ? `inode ${inode}` : local;
        await table.row(kind, state, name, remote, receiveQueue, sendQueue, held);
      }
    }
    await table.end();
  },
};

function isWanted(socket: OpenSocket, args: Arguments, port: number | undefined): boolean {
  const kinds = ["tcp", "udp", "unix"].filter((kind) => args.has(kind));
  // With a kind, --all is what others mean by it: all states, which are shown anyway.
  const wanted = kinds.length > 0
    ? kinds
    : args.has("all")
    ? ["tcp", "udp", "unix"]
    : ["tcp", "udp"];
  if (!wanted.some((kind) => socket.protocol.startsWith(kind))) return false;
  if (args.has("listening") && socket.state !== "listen" && socket.state !== "unconnected") {
    return false;
  }
  const end = `:${port}`;
  return port === undefined || socket.local.endsWith(end) || socket.remote.endsWith(end);
}
