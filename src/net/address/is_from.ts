/**
 * Who a datagram comes from: anybody can send one.
 *
 * @module
 */

import type { Address } from "../core/connection.ts";
import { formatEndpoint } from "./endpoint.ts";
import { formatIp, parseIp } from "./ip.ts";

/**
 * Checks whether a datagram comes from a peer.
 *
 * @param sender The sender.
 * @param peer The peer; the addresses of a name are not known here, but its port is.
 * @returns Whether it may be theirs.
 */
export function isFrom(sender: Address, peer: Address): boolean {
  if (!("hostname" in sender) || !("hostname" in peer)) {
    return formatEndpoint(sender) === formatEndpoint(peer);
  }
  if (sender.port !== peer.port) return false;
  const requested = parseIp(peer.hostname);
  const there = parseIp(sender.hostname);
  if (requested === undefined || there === undefined) return true;
  return formatIp(requested) === formatIp(there);
}
