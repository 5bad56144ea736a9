/**
 * The open sockets of this host, as the kernel lists them in `/proc/net`.
 *
 * @module
 */

import { formatIp, type IpAddress } from "../net/mod.ts";
import { SystemCallError } from "./system_call_error.ts";
import { readProcFile } from "./system_file.ts";

/** An open socket. */
export interface OpenSocket {
  /** `tcp`, `tcp6`, `udp`, `udp6` or `unix`. */
  readonly protocol: string;
  /** Its own address; the path of a UNIX socket, empty if it has none. */
  readonly local: string;
  /** The peer's address; empty for UNIX sockets, `*` for none. */
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
    ...parseUnixSockets(readTable("unix")),
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

/**
 * Reads the table of UNIX sockets.
 *
 * @param text The text of `/proc/net/unix`.
 * @returns Its sockets.
 */
export function parseUnixSockets(text: string): OpenSocket[] {
  return text.split("\n").slice(1).flatMap((line) => {
    const match = /^\S+ \S+ \S+ (\S+) (\S+) (\S+)\s+(\d+) ?(.*)$/.exec(line);
    if (match === null) return [];
    const [, flags = "", type = "", state = "", inode = "", path = ""] = match;
    const listening = (parseInt(flags, 16) & 0x10000) !== 0;
    return [{
      protocol: "unix",
      local: path,
      remote: "",
      type: UNIX_TYPES.get(parseInt(type, 16)) ?? type,
      state: listening ? "listen" : state === "03" ? "established" : "unconnected",
      receiveQueue: 0,
      sendQueue: 0,
      uid: undefined,
      inode: Number(inode),
    }];
  });
}
