/**
 * `netwright sockets`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { findSocketOwners, listOpenSockets, type OpenSocket } from "../../../os/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
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
      if (context.json) await context.stdout.json({ ...socket, processes });
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
});

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
