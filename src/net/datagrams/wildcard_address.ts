/**
 * The address that datagrams to a peer are sent from.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import { parseIp } from "../address/ip.ts";

/**
 * Gives the address to bind for datagrams to an endpoint, which a scope must cover.
 *
 * @param endpoint The peer of the datagrams.
 * @returns Any address of its family, any port; a name counts as IPv4.
 */
export function wildcardAddress(endpoint: HostEndpoint): {
  readonly transport: "udp";
  readonly hostname: string;
  readonly port: 0;
} {
  const six = parseIp(endpoint.hostname)?.version === 6;
  return { transport: "udp", hostname: six ? "::" : "0.0.0.0", port: 0 };
}

/**
 * Lists the network patterns that a scope needs to reach an endpoint.
 *
 * @param endpoint A stream or datagram endpoint.
 * @returns The endpoint itself; for datagrams also the address to bind.
 */
export function patternsFor(endpoint: Endpoint): string[] {
  const pattern = formatEndpoint(endpoint);
  return endpoint.transport === "udp"
    ? [formatEndpoint(wildcardAddress(endpoint)), pattern]
    : [pattern];
}
