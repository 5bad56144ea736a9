/**
 * The hosts that a request may reach.
 *
 * @module
 */

import { parseTarget, patternsFor, withoutBrackets } from "../../net/internal.ts";
import { type Capabilities, type HostEndpoint, isIp, UsageError } from "../../net/mod.ts";
import type { Host } from "../command/host.ts";

/**
 * Gives the server of a URL, and where servers usually send their visitors on: to TLS, and to or from `www`.
 *
 * @param text The URL.
 * @returns The endpoints.
 */
export function reachable(text: string): HostEndpoint[] {
  const url = new URL(text);
  const hostname = withoutBrackets(url.hostname);
  const port = url.port === "" ? url.protocol === "https:" ? 443 : 80 : Number(url.port);
  const own: HostEndpoint = { transport: "tcp", hostname, port };
  if (url.port !== "") return [own];
  const sister = sisterOf(hostname);
  const names = sister === undefined ? [hostname] : [hostname, sister];
  const ports = url.protocol === "https:" ? [443] : [80, 443];
  return names.flatMap((name) => ports.map((port) => ({ ...own, hostname: name, port })));
}

/**
 * Gives the name that a site often has beside its own.
 *
 * @param hostname The host of a URL.
 * @returns It with, or without, `www.`; undefined if it is an address or a name without a dot.
 */
export function sisterOf(hostname: string): string | undefined {
  if (isIp(hostname) || !hostname.includes(".")) return undefined;
  return hostname.startsWith("www.") ? hostname.slice(4) : `www.${hostname}`;
}

/**
 * Gives the capabilities for looking names up apart from connecting.
 *
 * @param host Looks names up.
 * @param endpoints The servers.
 * @returns The names, and their addresses.
 */
export async function addressCapabilities(
  host: Host,
  endpoints: readonly HostEndpoint[],
): Promise<Capabilities> {
  const net: string[] = [];
  for (const endpoint of endpoints) {
    if (isIp(endpoint.hostname)) continue;
    const addresses = await host.lookUp(endpoint.hostname).catch(() => []);
    net.push(endpoint.hostname);
    for (const hostname of addresses) net.push(...patternsFor({ ...endpoint, hostname }));
  }
  return net.length === 0 ? {} : { net };
}

/**
 * Leaves out what is there already.
 *
 * @param endpoints Endpoints.
 * @returns Each once.
 */
export function distinct(endpoints: readonly HostEndpoint[]): HostEndpoint[] {
  return [...new Map(endpoints.map((one) => [`${one.hostname} ${one.port}`, one])).values()];
}

/**
 * Gives the capabilities for `--allow-host`.
 *
 * @param hosts The values of the option.
 * @returns The capabilities.
 * @throws {UsageError} If one is malformed.
 */
export function allowedCapabilities(hosts: readonly string[]): Capabilities {
  if (hosts.includes("*")) return { net: true };
  const net = hosts.flatMap((text) => {
    const isBareAddress = isIp(text) && text.includes(":");
    const [, bare = text, port] = isBareAddress ? [] : /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
    if (/[/@\s]|:$/.test(bare) || bare === "") {
      throw new UsageError("--allow-host takes a host, or host:port");
    }
    const host = isBareAddress ? `[${bare}]` : bare;
    const { endpoint } = parseTarget(`http://${host}:${port ?? 80}`, { schemes: ["http"] });
    if ("path" in endpoint) throw new UsageError("--allow-host takes a host, or host:port");
    // Without a port it is all of the host.
    return port === undefined
      ? [endpoint.hostname.includes(":") ? `[${endpoint.hostname}]` : endpoint.hostname]
      : patternsFor(endpoint);
  });
  return net.length === 0 ? {} : { net };
}
