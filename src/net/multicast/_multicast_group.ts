/**
 * What hearing a group and sending to it have in common.
 *
 * @module
 */

import type { DatagramConnection, MulticastMembership } from "../core/connection.ts";
import { formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import { UsageError } from "../core/errors.ts";
import { groupVersion, type MulticastInterface } from "./multicast.ts";

/** Joins a group on an interface. */
export async function join(
  socket: DatagramConnection,
  { hostname }: HostEndpoint,
  { address, index }: MulticastInterface,
): Promise<Omit<MulticastMembership, "setTTL">> {
  return hostname.includes(":")
    ? await socket.joinMulticastV6(hostname, index)
    : await socket.joinMulticastV4(hostname, address);
}

/** The version of a group; other addresses are refused. */
export function versionOf(group: HostEndpoint): 4 | 6 {
  const version = groupVersion(group.hostname);
  if (version !== undefined) return version;
  throw new UsageError(`${group.hostname} is not the address of a multicast group`, {
    peer: formatEndpoint(group),
  });
}

/** Whether a group's scope is an interface or a link (RFC 4291 §2.7). */
export function holdsOnLink(group: HostEndpoint): boolean {
  return /^ff[0-9a-f][12]:/.test(group.hostname);
}

/** The group's address on an interface. */
export function scoped(group: HostEndpoint, place: MulticastInterface | undefined): string {
  const { hostname } = group;
  const index = place?.index ?? 0;
  return holdsOnLink(group) && index > 0 ? `${hostname}%${index}` : hostname;
}

/** An address of this host with its interface, if it only holds there. */
export function linkScoped({ address, index }: MulticastInterface): string {
  return /^fe[89ab]/.test(address) ? `${address}%${index}` : address;
}
