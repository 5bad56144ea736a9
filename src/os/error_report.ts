/**
 * Reports about datagrams that did not arrive (Linux, `IP_RECVERR`).
 *
 * @module
 */

import { decodeSockaddr, type SocketAddress } from "./sockaddr.ts";

/** What the network said about a datagram that did not arrive (IP_RECVERR). */
export interface SocketErrorReport {
  /** The error number. */
  readonly errno: number;
  /** Whether an ICMP message brought it, and not this host. */
  readonly icmp: boolean;
  /** Type of the ICMP message. */
  readonly type: number;
  /** Code of the ICMP message. */
  readonly code: number;
  /** Who sent the message. */
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
  const view = new DataView(control.buffer, control.byteOffset, control.byteLength);
  for (let at = 0; at + 16 <= control.length;) {
    const length = Number(view.getBigUint64(at, true));
    const level = view.getInt32(at + 8, true);
    const type = view.getInt32(at + 12, true);
    if (length < 16) return undefined;
    if ((level === 0 && type === 11) || (level === 41 && type === 25)) {
      const data = at + 16;
      return {
        errno: view.getUint32(data, true),
        // SO_EE_ORIGIN_ICMP is 2, SO_EE_ORIGIN_ICMP6 is 3.
        icmp: view.getUint8(data + 4) >= 2,
        type: view.getUint8(data + 5),
        code: view.getUint8(data + 6),
        offender: decodeSockaddr(control.subarray(data + 16, at + length))?.hostname,
        destination,
      };
    }
    at += Math.ceil(length / 8) * 8;
  }
  return undefined;
}
