/**
 * Multicast groups for commands: which group, and through which interfaces.
 *
 * @module
 */

import {
  ANY_PLACE_V4,
  ANY_PLACE_V6,
  type HostEndpoint,
  kindOfIp,
  type MulticastPlace,
  multicastPlaces,
  parseEndpoint,
  parseIp,
  UsageError,
} from "../net/mod.ts";
import type { Arguments } from "./arguments.ts";
import type { OptionSpecs } from "./command.ts";
import type { Host } from "./host.ts";

/** Commands that choose interfaces for groups have this. */
export const INTERFACE_OPTION: OptionSpecs = {
  interface: {
    ...{ value: "NAME|ADDRESS", short: "i", many: true },
    help: "an interface that the group is reached by",
  },
};

/**
 * Reads the group of `--group`.
 *
 * @param args The command line.
 * @param fallback The group if there is none, and the port if only an address was given.
 * @returns The group.
 * @throws {UsageError} If it is not the address of a group.
 */
export function groupOf(args: Arguments, fallback: HostEndpoint): HostEndpoint {
  const text = args.value("group");
  if (text === undefined) return fallback;
  const group = parseEndpoint(text, { defaultPort: fallback.port, transport: "udp" });
  const ip = "hostname" in group ? parseIp(group.hostname) : undefined;
  if ("hostname" in group && ip !== undefined && kindOfIp(ip) === "multicast") return group;
  throw new UsageError(`--group: ${text} is not the address of a multicast group`, {
    hint: "224.0.0.0 to 239.255.255.255, or ff00::/8",
  });
}

/** Of which version of the internet protocol a group is. */
export function versionOf({ hostname }: HostEndpoint): 4 | 6 {
  return hostname.includes(":") ? 6 : 4;
}

/** Where the system's routes lead. */
export function anyPlace(version: 4 | 6): MulticastPlace {
  return version === 4 ? ANY_PLACE_V4 : ANY_PLACE_V6;
}

/** Whether the interfaces of this host must be listed to know those of `--interface`. */
export function namesInterfaces(args: Arguments): boolean {
  return args.values("interface").some((text) => parseIp(text)?.version !== 4);
}

/**
 * Finds the interfaces of `--interface`.
 *
 * @param args The command line.
 * @param host Lists the interfaces, if they were named.
 * @param version Of the group.
 * @returns Them; undefined if none was given.
 * @throws {UsageError} If one is not there, or has no address of that version.
 */
export function chosenPlaces(
  args: Arguments,
  host: Host,
  version: 4 | 6,
): MulticastPlace[] | undefined {
  const wanted = args.values("interface");
  if (wanted.length === 0) return undefined;
  const interfaces = namesInterfaces(args) ? host.interfaces() : [];
  return wanted.map((text) => {
    const ip = parseIp(text);
    if (ip?.version === 4 && version === 4) return { name: text, address: text, index: 0 };
    // An address of one version stands for its interface in the other.
    const name = ip === undefined ? text : interfaces.find(({ address }) => address === text)?.name;
    const place = multicastPlaces(interfaces, version).find((one) => one.name === name);
    if (place !== undefined) return place;
    throw new UsageError(`--interface: there is no ${text} with an IPv${version} address`, {
      hint: "netwright interfaces",
    });
  });
}
