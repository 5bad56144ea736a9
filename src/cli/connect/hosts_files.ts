/**
 * The system's own files about names: `/etc/hosts` and `/etc/resolv.conf`.
 *
 * @module
 */

import { formatIp, type HostEndpoint, parseIp } from "../../net/mod.ts";
import type { Host } from "../command/host.ts";

/** What `/etc/hosts` knows. */
export interface HostsAnswer {
  /** The record type that it stands for. */
  readonly type: "A" | "AAAA" | "PTR";
  /** An address or a name. */
  readonly value: string;
}

/**
 * Looks a name or an address up in the text of `/etc/hosts`.
 *
 * @param text The file.
 * @param name A name or an address.
 * @returns Its entries; empty if there are none.
 */
export function lookUpHosts(text: string, name: string): HostsAnswer[] {
  const requested = parseIp(name);
  const key = requested === undefined ? name.toLowerCase().replace(/\.$/, "") : formatIp(requested);
  const answers: HostsAnswer[] = [];
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const ip = parseIp(address);
    if (ip === undefined) continue;
    if (requested !== undefined) {
      if (formatIp(ip) === key && names[0] !== undefined) {
        answers.push({ type: "PTR", value: names[0] });
      }
    } else if (names.some((candidate) => candidate.toLowerCase() === key)) {
      answers.push({ type: ip.version === 4 ? "A" : "AAAA", value: formatIp(ip) });
    }
  }
  return answers;
}

/** The system's resolver reads its name servers here. */
export const RESOLVER_FILE = "/etc/resolv.conf";

/** How this host looks names up. */
export interface ResolverSettings {
  /** Addresses of name servers, at most three, as the system's own resolver takes them. */
  readonly servers: readonly string[];
  /** Domains that are tried behind short names. */
  readonly search: readonly string[];
  /** Minimum number of dots in a name that is tried unchanged first. */
  readonly ndots: number;
}

/**
 * Reads how this host looks names up.
 *
 * @param host Reads its file.
 * @returns Its settings; without servers if the file names none.
 */
export async function resolverSettings(host: Pick<Host, "readText">): Promise<ResolverSettings> {
  return parseResolverSettings(await host.readText(RESOLVER_FILE) ?? "");
}

/**
 * Reads the name servers of this host.
 *
 * @param host Reads its file.
 * @returns Where they are; none if the file names none.
 */
export async function systemNameServers(host: Pick<Host, "readText">): Promise<HostEndpoint[]> {
  return nameServerEndpoints(await resolverSettings(host));
}

/** Where the name servers are. */
export function nameServerEndpoints({ servers }: ResolverSettings): HostEndpoint[] {
  return servers.map((hostname) => ({ transport: "udp", hostname, port: 53 }));
}

/**
 * Reads `/etc/resolv.conf`; of `search` and `domain` the last one counts.
 *
 * @param text The file.
 * @returns Its settings.
 */
export function parseResolverSettings(text: string): ResolverSettings {
  const servers: string[] = [];
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split("\n")) {
    const [word, ...values] = line.replace(/[#;].*/, "").trim().split(/\s+/);
    if (word === "nameserver") {
      const ip = parseIp(values[0] ?? "");
      if (ip !== undefined) servers.push(formatIp(ip));
    } else if (word === "search") search = values;
    else if (word === "domain") search = values.slice(0, 1);
    else if (word === "options") {
      const given = values.map((value) => /^ndots:(\d{1,2})$/.exec(value)?.[1]).find(Boolean);
      if (given !== undefined) ndots = Math.min(15, Number(given));
    }
  }
  return { servers: servers.slice(0, 3), search: search.filter((domain) => domain !== "."), ndots };
}
