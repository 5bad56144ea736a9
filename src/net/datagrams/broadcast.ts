/**
 * Where datagrams for all hosts of a subnet go (RFC 919).
 *
 * @module
 */

import { Netmask } from "../address/netmask.ts";
import { formatIp, parseIp } from "../address/ip.ts";

/** One network interface, as far as it matters here. */
export interface InterfaceAddress {
  /** Its name. */
  readonly name: string;
  /** An address of it. */
  readonly address: string;
  /** The address with the length of its network's prefix. */
  readonly cidr?: string | null | undefined;
}

/** A subnet that this host is in. */
export interface Subnet {
  /** The interface. */
  readonly name: string;
  /** The address of this host. */
  readonly address: string;
  /** The addresses of the subnet: `192.0.2.0/24`. */
  readonly network: string;
  /** Where datagrams for all of its hosts go. */
  readonly broadcast: string;
}

/**
 * Finds the subnets that this host can broadcast to: those of IPv4 with more than two addresses; IPv6 has no
 * broadcast, but multicast.
 *
 * @param interfaces As `Deno.networkInterfaces()` gives them.
 * @returns One for each address, each subnet once.
 *
 * @example
 * ```ts
 * import { subnets } from "./broadcast.ts";
 * const [first] = subnets([{ name: "eth0", address: "192.0.2.7", cidr: "192.0.2.7/24" }]);
 * if (first?.broadcast !== "192.0.2.255" || first.network !== "192.0.2.0/24") throw new Error("wrong");
 * ```
 */
export function subnets(interfaces: readonly InterfaceAddress[]): Subnet[] {
  const found = new Map<string, Subnet>();
  for (const { name, address, cidr } of interfaces) {
    const ip = parseIp(address);
    const bits = Number(/\/(\d{1,3})$/.exec(cidr ?? "")?.[1] ?? NaN);
    if (ip?.version !== 4 || !(bits >= 1 && bits <= 30)) continue;
    const mask = new Netmask(bits, 4);
    const network = `${formatIp(mask.network(ip))}/${bits}`;
    if (!found.has(network)) {
      found.set(network, { name, address, network, broadcast: formatIp(mask.last(ip)) });
    }
  }
  return [...found.values()];
}
