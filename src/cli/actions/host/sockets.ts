/**
 * `netwright sockets`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { SocketsPlan } from "../../commands/host/sockets.ts";
import { findSocketOwners, listOpenSockets, type OpenSocket } from "../../../os/internal.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<SocketsPlan> = {
  async run(plan, context) {
    const found = listOpenSockets().filter((socket) => isWanted(socket, plan));
    const owners = findSocketOwners();
    const table = new Table(context.stdout, {
      headings: ["KIND", "STATE", "LOCAL", "REMOTE", "RECEIVED", "UNSENT", "PROCESS"],
      alwaysHeaded: plan.header,
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
};

function isWanted(socket: OpenSocket, { kinds, listening, port }: SocketsPlan): boolean {
  if (!kinds.some((kind) => socket.protocol.startsWith(kind))) return false;
  if (listening && socket.state !== "listen" && socket.state !== "unconnected") return false;
  const end = `:${port}`;
  return port === undefined || socket.local.endsWith(end) || socket.remote.endsWith(end);
}
