/**
 * The system's own files about names: `/etc/hosts` and `/etc/resolv.conf`.
 *
 * @module
 */

import { formatIp, type HostEndpoint, parseIp } from "../net/mod.ts";
import type { Host } from "./host.ts";

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
 * @returns What it says; empty if it says nothing.
 */
export function lookUpHosts(text: string, name: string): HostsAnswer[] {
  const wanted = parseIp(name);
  const key = wanted === undefined ? name.toLowerCase().replace(/\.$/, "") : formatIp(wanted);
  const answers: HostsAnswer[] = [];
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const ip = parseIp(address);
    if (ip === undefined) continue;
    if (wanted !== undefined) {
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

/**
 * Reads the name servers of this host.
 *
 * @param host Reads its file.
 * @returns Where they are; none if the file names none.
 */
export async function systemNameServers(host: Pick<Host, "readText">): Promise<HostEndpoint[]> {
  return parseNameServers(await host.readText(RESOLVER_FILE) ?? "")
    .map((hostname) => ({ transport: "udp", hostname, port: 53 }));
}

/**
 * Reads the name servers of `/etc/resolv.conf`.
 *
 * @param text The file.
 * @returns Their addresses, at most three as the system's own resolver takes them.
 */
export function parseNameServers(text: string): string[] {
  const addresses = text.split("\n").flatMap((line) => {
    const ip = parseIp(/^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? "");
    return ip === undefined ? [] : [formatIp(ip)];
  });
  return addresses.slice(0, 3);
}
