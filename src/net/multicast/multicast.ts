/**
 * Multicast groups: the interfaces that they are reached by (RFC 1112, RFC 4291 §2.7).
 *
 * @module
 */

import { formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import { ipScope, isLoopback, parseIp } from "../address/ip.ts";

/** An interface on which groups are joined, or through which datagrams are sent. */
export interface MulticastInterface {
  /** Its name, such as `eth0`. */
  readonly name: string;
  /** An address of this host on it; the address of all is the system's choice. */
  readonly address: string;
  /** Its number, which IPv6 goes by; 0 is the system's choice. */
  readonly index: number;
}

/** One network interface, as far as it matters here; what `Deno.networkInterfaces()` gives. */
export interface NetworkInterfaceNames {
  /** Its name. */
  readonly name: string;
  /** An address of it. */
  readonly address: string;
  /** Its number, part of the addresses that only hold on its link. */
  readonly scopeid?: number | null | undefined;
}

/** The number of the loopback interface, which is not part of its addresses. */
const LOOPBACK_INDEX = 1;

/**
 * Lists the interfaces that can carry multicast of a family: each once, by its first address. Those of
 * IPv6 need a number, which only a link-local address has.
 *
 * @param interfaces As `Deno.networkInterfaces()` gives them.
 * @param version Of the internet protocol.
 * @returns One for each interface, the loopback interface last.
 *
 * @example
 * ```ts
 * import { multicastInterfaces } from "@netwright/netwright/net";
 * const [first] = multicastInterfaces([{ name: "lo", address: "127.0.0.1" }, { name: "eth0", address: "192.0.2.7" }], 4);
 * if (first?.name !== "eth0" || first.address !== "192.0.2.7") throw new Error("wrong");
 * ```
 */
export function multicastInterfaces(
  interfaces: readonly NetworkInterfaceNames[],
  version: 4 | 6,
): MulticastInterface[] {
  const found = new Map<string, MulticastInterface>();
  for (const { name, address } of interfaces) {
    const ip = parseIp(address);
    if (ip?.version !== version || found.has(name)) continue;
    const index = version === 4 ? 0 : numberOf(name, interfaces);
    if (index !== undefined) found.set(name, { name, address, index });
  }
  const places = [...found.values()];
  return [
    ...places.filter(({ address }) => !isLoopback(address)),
    ...places.filter(({ address }) => isLoopback(address)),
  ];
}

function numberOf(name: string, interfaces: readonly NetworkInterfaceNames[]): number | undefined {
  const own = interfaces.filter((one) => one.name === name);
  const reported = own.find(({ scopeid }) => (scopeid ?? 0) > 0)?.scopeid;
  return reported ?? (own.some(({ address }) => isLoopback(address)) ? LOOPBACK_INDEX : undefined);
}

/**
 * Returns the version of the internet protocol of a group.
 *
 * @param hostname Any text.
 * @returns The version; undefined if it is not the address of a group.
 */
export function groupVersion(hostname: string): 4 | 6 | undefined {
  const ip = parseIp(hostname);
  return ip !== undefined && ipScope(ip) === "multicast" ? ip.version : undefined;
}

/**
 * Gives the interface that the system's routes lead to.
 *
 * @param version Of the internet protocol.
 * @returns The place without a number, whose address is that of all.
 */
export function defaultInterface(version: 4 | 6): MulticastInterface {
  return { name: "any", address: version === 4 ? "0.0.0.0" : "::", index: 0 };
}

/**
 * Lists the network patterns that a scope needs to receive from a group and to send to it.
 *
 * @param group The group.
 * @param places The interfaces to send through; none for a receiver only.
 * @returns The group, and what senders are bound to.
 */
export function patternsForGroup(
  group: HostEndpoint,
  places: readonly MulticastInterface[] = [],
): string[] {
  const bound = places.map(({ address }) =>
    formatEndpoint({ transport: "udp", hostname: address, port: 0 })
  );
  return [formatEndpoint(group), ...bound];
}
