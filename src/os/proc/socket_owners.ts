/**
 * Which process holds which socket, as far as this user may see.
 *
 * @module
 */

import { SystemCallError } from "../libc/system_call_error.ts";
import { listProcFolder, readProcFile, readProcLink } from "./system_file.ts";

/** A process that holds a socket. */
export interface SocketOwner {
  /** Its number. */
  readonly pid: number;
  /** Its short name, as the kernel keeps it: at most 15 bytes, whatever the process chose. */
  readonly name: string;
}

/**
 * Finds the processes that hold sockets.
 *
 * @returns The processes by the socket's inode number; those of other users only if the system shows them.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 */
export function findSocketOwners(): Map<number, SocketOwner[]> {
  const owners = new Map<number, SocketOwner[]>();
  for (const name of listProcFolder("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const inodes = unlessGone(() => socketsOf(name)) ?? [];
    if (inodes.length === 0) continue;
    const owner = {
      pid: Number(name),
      name: unlessGone(() => readProcFile(`/proc/${name}/comm`).trimEnd()) ?? "",
    };
    for (const inode of inodes) owners.set(inode, [...owners.get(inode) ?? [], owner]);
  }
  return owners;
}

/** Several descriptors of a process may be one socket. */
function socketsOf(pid: string): number[] {
  const inodes = listProcFolder(`/proc/${pid}/fd`).flatMap((fd) => {
    const link = unlessGone(() => readProcLink(`/proc/${pid}/fd/${fd}`)) ?? "";
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    return inode === undefined ? [] : [Number(inode)];
  });
  return [...new Set(inodes)];
}

/** Processes end while they are looked at, and those of others are closed to us. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SystemCallError) return undefined;
    throw error;
  }
}
