/**
 * Addresses as the system's calls take them (Linux: `sockaddr_in`, `sockaddr_in6`, `sockaddr_un`).
 *
 * @module
 */

import { cString, libc } from "../libc/libc.ts";
import { MAX_ADDRESS_BYTES } from "../libc/socket_calls.ts";
import { withoutZone } from "../../net/internal.ts";
import {
  type Address,
  CapabilityError,
  ConnectError,
  formatIp,
  type IpAddress,
  parseIp,
} from "../../net/mod.ts";

/** Address families. */
export const AF_INET = 2;
/** Address families. */
export const AF_INET6 = 10;
/** Address families. */
export const AF_UNIX = 1;
/** Bytes of the largest IP address. */
export const SOCKADDR_BYTES = 28;

/** An address with its port, for raw sockets 0. */
export interface SocketAddress {
  /** IPv4 or IPv6 address. */
  readonly hostname: string;
  /** Port number. */
  readonly port: number;
}

/**
 * Writes an address.
 *
 * @param address An IP address and a port.
 * @returns The bytes of a `sockaddr_in` or `sockaddr_in6`.
 * @throws {RangeError} If it is no IP address.
 * @throws {ConnectError} If its zone is not an interface.
 */
export function encodeSockaddr({ hostname, port }: SocketAddress): Uint8Array<ArrayBuffer> {
  const ip = parseIp(withoutZone(hostname));
  if (ip === undefined) throw new RangeError(`${JSON.stringify(hostname)} is no IP address`);
  const bytes = new Uint8Array(ip.version === 4 ? 16 : SOCKADDR_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, ip.version === 4 ? AF_INET : AF_INET6, true);
  view.setUint16(2, port);
  if (ip.version === 4) view.setUint32(4, Number(ip.value));
  else {
    view.setBigUint64(8, ip.value >> 64n);
    view.setBigUint64(16, ip.value & (2n ** 64n - 1n));
    const sign = hostname.indexOf("%");
    if (sign >= 0) view.setUint32(24, scopeOf(hostname.slice(sign + 1)), true);
  }
  return bytes;
}

/** The number of the interface that a zone names (RFC 4007 §11.2). */
function scopeOf(zone: string): number {
  if (/^\d{1,9}$/.test(zone)) return Number(zone);
  const index = indexOf(zone);
  if (index > 0) return index;
  throw new ConnectError(`unknown interface ${zone}`, { operation: "use an address" });
}

/** The library is asked, for the system's own files are closed to a program that may not do everything. */
function indexOf(zone: string): number {
  try {
    return libc().if_nametoindex(cString(zone));
  } catch (error) {
    // A worker has given the permission up, and has no other address than that of its order.
    if (!(error instanceof CapabilityError)) throw error;
  }
  try {
    return /[/.]/.test(zone) ? 0 : Number(Deno.readTextFileSync(`/sys/class/net/${zone}/ifindex`));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return 0;
  }
}

/**
 * Reads an address.
 *
 * @param bytes The system's structure.
 * @returns The address, or undefined if it is of another family.
 */
export function decodeSockaddr(bytes: Uint8Array): SocketAddress | undefined {
  if (bytes.length < 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const family = view.getUint16(0, true);
  const port = view.getUint16(2);
  let ip: IpAddress;
  if (family === AF_INET) ip = { version: 4, value: BigInt(view.getUint32(4)) };
  else if (family === AF_INET6 && bytes.length >= 24) {
    ip = { version: 6, value: view.getBigUint64(8) << 64n | view.getBigUint64(16) };
  } else return undefined;
  return { hostname: formatIp(ip), port };
}

/**
 * Writes the address of a stream socket.
 *
 * @param address An IP address and a port, or a path.
 * @returns The bytes.
 * @throws {RangeError} If it is no IP address, or the path is longer than 107 bytes.
 */
export function encodeAddress(address: Address): Uint8Array<ArrayBuffer> {
  if (!("path" in address)) {
    if ("hostname" in address) return encodeSockaddr(address);
    throw new RangeError("only IP addresses and paths are known");
  }
  const path = new TextEncoder().encode(address.path);
  if (path.length > MAX_ADDRESS_BYTES - 3) {
    throw new RangeError(`the path of a UNIX socket has at most ${MAX_ADDRESS_BYTES - 3} bytes`);
  }
  const bytes = new Uint8Array(2 + path.length + 1);
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, true);
  bytes.set(path, 2);
  return bytes;
}

/**
 * Reads the address of a stream socket.
 *
 * @param bytes The system's structure, in the returned length.
 * @returns The address; an unnamed socket has an empty path.
 */
export function decodeAddress(bytes: Uint8Array): Address {
  const address = decodeSockaddr(bytes);
  if (address !== undefined) return { transport: "tcp", ...address };
  const end = bytes.indexOf(0, 2);
  const path = new TextDecoder().decode(bytes.subarray(2, end < 0 ? undefined : end));
  return { transport: "unix", path };
}
