/**
 * The open sockets of this host, as the kernel lists them.
 *
 * @module
 */

import { formatIp, type IpAddress } from "../../net/mod.ts";
import { askKernel, type NetlinkItem, parseAttributes } from "../netlink/netlink.ts";
import { SystemCallError } from "../libc/system_call_error.ts";
import { readProcFile } from "./system_file.ts";

/** An open socket. */
export interface OpenSocket {
  /** `tcp`, `tcp6`, `udp`, `udp6` or `unix`. */
  readonly protocol: string;
  /** Its own address; the path of a UNIX socket, or `@` and a name without a file; empty if it has none. */
  readonly local: string;
  /** The peer's address, `*` for none; of UNIX sockets its inode, empty for none. */
  readonly remote: string;
  /** `established`, `listen`, … */
  readonly state: string;
  /** Of UNIX sockets: `stream`, `datagram` or `seqpacket`. */
  readonly type?: string;
  /** Bytes received and not read yet. */
  readonly receiveQueue: number;
  /** Bytes sent and not acknowledged yet. */
  readonly sendQueue: number;
  /** The number of the user that owns it; undefined for UNIX sockets. */
  readonly uid: number | undefined;
  /** The number by which `/proc/PID/fd` names it. */
  readonly inode: number;
}

/** States of TCP by their numbers in the kernel. */
const TCP_STATES = [
  "",
  "established",
  "syn-sent",
  "syn-recv",
  "fin-wait-1",
  "fin-wait-2",
  "time-wait",
  "close",
  "close-wait",
  "last-ack",
  "listen",
  "closing",
  "new-syn-recv",
];

const INET = ["tcp", "tcp6", "udp", "udp6"] as const;

/**
 * Lists the open sockets of this host.
 *
 * @returns All of them, by protocol.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 */
export function listOpenSockets(): OpenSocket[] {
  return [
    ...INET.flatMap((protocol) => parseInetSockets(readTable(protocol), protocol)),
    ...parseUnixSockets(askKernel({ ...SOCK_DIAG, body: ALL_UNIX })),
  ];
}

/** A kernel without a protocol has no table of it. */
function readTable(name: string): string {
  try {
    return readProcFile(`/proc/net/${name}`);
  } catch (error) {
    if (error instanceof SystemCallError && error.errno === 2) return "";
    throw error;
  }
}

/**
 * Reads a table of Internet sockets.
 *
 * @param text The text of `/proc/net/tcp` or one like it.
 * @param protocol The table's name.
 * @returns Its sockets; lines that make no sense are left out.
 */
export function parseInetSockets(text: string, protocol: string): OpenSocket[] {
  return text.split("\n").slice(1).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local = "", remote = "", state = "", queues = ""] = fields;
    const [send = "", receive = ""] = queues.split(":");
    if (!ADDRESS.test(local) || !ADDRESS.test(remote)) return [];
    const number = parseInt(state, 16);
    const peer = parseAddress(remote);
    return [{
      protocol,
      local: parseAddress(local),
      remote: peer.endsWith(":0") ? "*" : peer,
      state: protocol.startsWith("udp")
        ? number === 1 ? "established" : "unconnected"
        : TCP_STATES[number] ?? state,
      sendQueue: parseInt(send, 16),
      receiveQueue: parseInt(receive, 16),
      uid: Number(fields[7]),
      inode: Number(fields[9]),
    }];
  });
}

const ADDRESS = /^(?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}$/;

/** Addresses are words of 32 bits in the order of this machine's bytes, which is little-endian. */
function parseAddress(text: string): string {
  const [hex = "", port = ""] = text.split(":");
  let value = 0n;
  for (let at = 0; at < hex.length; at += 8) {
    const word = hex.slice(at, at + 8).match(/../g)!.reverse().join("");
    value = value << 32n | BigInt(`0x${word}`);
  }
  const ip: IpAddress = { version: hex.length === 8 ? 4 : 6, value };
  const shown = formatIp(ip);
  return `${ip.version === 6 ? `[${shown}]` : shown}:${parseInt(port, 16)}`;
}

const UNIX_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "stream"],
  [2, "datagram"],
  [5, "seqpacket"],
]);

/** NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY (sock_diag(7)). */
const SOCK_DIAG = { protocol: 4, type: 20 } as const;
/** Of any state: name, peer and queues. */
const ALL_UNIX = Uint8Array.of(
  ...[1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 0x15, 0, 0, 0],
  // The cookie, which means none.
  ...[255, 255, 255, 255, 255, 255, 255, 255],
);
/** States of UNIX sockets: those of TCP. */
const UNIX_STATES: ReadonlyMap<number, string> = new Map([[1, "established"], [10, "listen"]]);

/**
 * Reads the kernel's list of UNIX sockets. Its table in `/proc/net/unix` is unusable: any user may give a socket a
 * name with line breaks, and so make up rows of it.
 *
 * @param messages The kernel's answer to a question of sock_diag.
 * @returns The sockets; messages that are too short are left out. A name without a file begins with `@`.
 * @throws {ProtocolError} If a length is wrong.
 */
export function parseUnixSockets(messages: readonly NetlinkItem[]): OpenSocket[] {
  return messages.flatMap(({ type, data }) => {
    if (type !== SOCK_DIAG.type || data.length < 16 || data[0] !== 1) return [];
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const attributes = parseAttributes(data.subarray(16));
    const name = attributes.get(0) ?? new Uint8Array(0);
    // A path ends with NUL, a name without a file begins with it.
    const text = new TextDecoder().decode(name);
    const local = name[0] === 0 ? `@${text.slice(1)}` : text.replace(/\0[^]*$/, "");
    const peer = attributes.get(2);
    const queues = attributes.get(4);
    const [receiveQueue, sendQueue] = queues?.length === 8
      ? [0, 4].map((at) => new DataView(queues.buffer, queues.byteOffset, 8).getUint32(at, true))
      : [0, 0];
    const state = UNIX_STATES.get(data[2]!) ?? "unconnected";
    return [{
      protocol: "unix",
      type: UNIX_TYPES.get(data[1]!) ?? String(data[1]),
      local,
      remote: peer?.length === 4
        ? `inode ${new DataView(peer.buffer, peer.byteOffset, 4).getUint32(0, true)}`
        : "",
      state,
      // Of one that listens the kernel gives its backlog instead.
      receiveQueue: state === "listen" ? 0 : receiveQueue!,
      sendQueue: state === "listen" ? 0 : sendQueue!,
      uid: undefined,
      inode: view.getUint32(4, true),
    }];
  });
}
