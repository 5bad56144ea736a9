/**
 * The groups of a multicast chat for commands: the interfaces on which they are joined, and the trusted senders.
 *
 * @module
 */

import {
  type Capabilities,
  formatIp,
  type HostEndpoint,
  isLoopback,
  type MulticastInterface,
  multicastInterfaces,
  Netmask,
  parseIp,
} from "../../net/mod.ts";
import type { ChatGroupsOptions } from "../../protocols/chat/mod.ts";
import type { Host } from "../command/host.ts";

/** What hearing groups needs; which ones there are, the server says. */
export const GROUPS: Capabilities = { net: ["224.0.0.0/4"], sys: ["networkInterfaces"] };

/**
 * Chooses the interfaces for the groups of a server: the one whose subnet the server is in; otherwise
 * all that lead out of this host; all interfaces for a server on this host.
 *
 * @param chosen Interfaces that the user chose; they take precedence.
 * @param host Lists the interfaces.
 * @param server The server.
 * @returns The interfaces, and the addresses that the server may send from.
 */
export function receivingOf(
  chosen: readonly MulticastInterface[] | undefined,
  host: Host,
  server: HostEndpoint,
): ChatGroupsOptions {
  const interfaces = host.interfaces();
  const own = interfaces.map(({ address }) => address);
  const isHere = isLoopback(server.hostname) || own.includes(server.hostname);
  const servers = isHere ? own : [];
  if (chosen !== undefined) return { places: chosen, servers };
  const all = multicastInterfaces(interfaces, 4);
  if (isHere) return { places: all, servers };
  const near = interfaces.find(({ cidr }) => holds(cidr, server.hostname))?.name;
  const places = near === undefined
    ? all.filter(({ address }) => !isLoopback(address))
    : all.filter(({ name }) => name === near);
  return { places, servers };
}

function holds(cidr: string | null, address: string): boolean {
  const [network = "", bits = ""] = (cidr ?? "").split("/");
  const [ip, other] = [parseIp(network), parseIp(address)];
  if (ip === undefined || other === undefined || ip.version !== other.version) return false;
  const mask = new Netmask(Number(bits), ip.version);
  return formatIp(mask.network(ip)) === formatIp(mask.network(other));
}
