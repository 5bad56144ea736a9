/**
 * The data beside the bytes of a datagram: reports about others that did not arrive (Linux, `IP_RECVERR`),
 * and the hops that it has left.
 *
 * @module
 */

import { decodeSockaddr, type SocketAddress } from "./sockaddr.ts";

/** The network's report about a datagram that did not arrive (IP_RECVERR). */
export interface SocketErrorReport {
  /** The error number. */
  readonly errno: number;
  /** Whether an ICMP message brought it, and not this host. */
  readonly icmp: boolean;
  /** Type of the ICMP message. */
  readonly type: number;
  /** Code of the ICMP message. */
  readonly code: number;
  /** The sender of the message. */
  readonly offender: string | undefined;
  /** Where the datagram was sent to. */
  readonly destination: SocketAddress | undefined;
}

/**
 * Finds `sock_extended_err` among the control messages that came with a report.
 *
 * @param control The messages, as `recvmsg` wrote them.
 * @param destination Where the datagram was sent to.
 * @returns The report, or undefined if there is none.
 */
export function parseErrorReport(
  control: Uint8Array,
  destination: SocketAddress | undefined,
): SocketErrorReport | undefined {
  for (const { level, type, data } of controlMessages(control)) {
    if (!((level === 0 && type === 11) || (level === 41 && type === 25))) continue;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return {
      errno: view.getUint32(0, true),
      // SO_EE_ORIGIN_ICMP is 2, SO_EE_ORIGIN_ICMP6 is 3.
      icmp: view.getUint8(4) >= 2,
      type: view.getUint8(5),
      code: view.getUint8(6),
      offender: decodeSockaddr(data.subarray(16))?.hostname,
      destination,
    };
  }
  return undefined;
}

/**
 * Finds how many hops a datagram had left (IP_TTL, IPV6_HOPLIMIT).
 *
 * @param control The messages, as `recvmsg` wrote them.
 * @returns The number, or undefined if it is not among them.
 */
export function parseHopLimit(control: Uint8Array): number | undefined {
  for (const { level, type, data } of controlMessages(control)) {
    if (!((level === 0 && type === 2) || (level === 41 && type === 52))) continue;
    return new DataView(data.buffer, data.byteOffset, data.byteLength).getInt32(0, true);
  }
  return undefined;
}

/** Walks over `struct cmsghdr` of 64-bit Linux. */
function* controlMessages(
  control: Uint8Array,
): Generator<{ readonly level: number; readonly type: number; readonly data: Uint8Array }> {
  const view = new DataView(control.buffer, control.byteOffset, control.byteLength);
  for (let at = 0; at + 16 <= control.length;) {
    const length = Number(view.getBigUint64(at, true));
    if (length < 16) return;
    const level = view.getInt32(at + 8, true);
    const type = view.getInt32(at + 12, true);
    yield { level, type, data: control.subarray(at + 16, at + length) };
    at += Math.ceil(length / 8) * 8;
  }
}
