/**
 * The address by which other hosts reach a server that listens on all addresses.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, ipScope, parseIp } from "../../net/mod.ts";

/** Schemes of services that a browser or a file manager opens. */
const SCHEMES: Readonly<Record<string, string>> = { http: "http", ftp: "ftp" };

/**
 * Checks whether a server listens on all addresses of this host.
 *
 * @param endpoint Where it listens.
 * @returns Whether it does.
 */
function listensOnAll(endpoint: Endpoint): boolean {
  const ip = "hostname" in endpoint ? parseIp(endpoint.hostname) : undefined;
  return ip !== undefined && ipScope(ip) === "unspecified";
}

/**
 * Checks whether a server prints an address for other hosts: at a terminal, if it listens on all addresses and
 * this process may list them. A remark is worth no permission that the command must be given.
 *
 * @param endpoint Where the server listens.
 * @returns Whether it is.
 */
export function printsAddress(endpoint: Endpoint): boolean {
  return listensOnAll(endpoint) && Deno.stderr.isTerminal() &&
    Deno.permissions.querySync(INTERFACES).state === "granted";
}

const INTERFACES = { name: "sys", kind: "networkInterfaces" } as const;

/**
 * Finds an address by which other hosts reach a server.
 *
 * @param endpoint Where the server listens, with its port.
 * @param service The service's name.
 * @param isSecure Whether it speaks TLS from the first byte.
 * @returns A URL or an endpoint; undefined if the server listens on one address only, or this host has no other.
 */
export async function reachableAt(
  endpoint: Endpoint,
  service: string,
  isSecure: boolean,
): Promise<string | undefined> {
  if (!("hostname" in endpoint) || !listensOnAll(endpoint)) return undefined;
  const { getNetworkAddress } = await import("@std/net/get-network-address");
  // A mapped address, ::ffff:0.0.0.0, is one of IPv4.
  const isV6 = endpoint.hostname.includes(":") && !endpoint.hostname.includes(".");
  const hostname = getNetworkAddress(isV6 ? "IPv6" : "IPv4") ?? getNetworkAddress("IPv4");
  if (hostname === undefined) return undefined;
  const address = formatEndpoint({ ...endpoint, hostname });
  const scheme = SCHEMES[service];
  return scheme === undefined ? address : `${scheme}${isSecure ? "s" : ""}://${address}/`;
}
