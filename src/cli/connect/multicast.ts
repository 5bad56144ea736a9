/**
 * Multicast groups for commands: which group, and through which interfaces.
 *
 * @module
 */

import { groupVersion } from "../../net/internal.ts";
import {
  formatEndpoint,
  type HostEndpoint,
  type MulticastInterface,
  multicastInterfaces,
  parseEndpoint,
  parseIp,
  UsageError,
} from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import type { Host } from "../command/host.ts";

/** Commands that choose interfaces for groups have this. */
export const INTERFACE_OPTION: OptionSpecs = {
  interface: {
    ...{ value: "NAME|ADDRESS", short: "i", many: true },
    help: "an interface that the group is reached by",
  },
};

/**
 * Gives the options of commands that choose a group and its interfaces.
 *
 * @param fallback The group if none is chosen.
 * @returns The options.
 */
export function groupOptions(fallback: HostEndpoint): OptionSpecs {
  const help = `the group (default ${formatEndpoint(fallback)})`;
  return { group: { value: "GROUP[:PORT]", help }, ...INTERFACE_OPTION };
}

/** A group. */
export interface MulticastGroup {
  /** Its address and port. */
  readonly group: HostEndpoint;
  /** The version of the internet protocol. */
  readonly version: 4 | 6;
}

/**
 * Reads the group of `--group`.
 *
 * @param args The command line.
 * @param fallback The group if there is none, and the port if only an address was given.
 * @returns The group, and of which version of the internet protocol it is.
 * @throws {UsageError} If it is not the address of a group.
 */
export function groupOf(
  args: Arguments,
  fallback: HostEndpoint,
): MulticastGroup {
  const text = args.value("group") ?? formatEndpoint(fallback);
  const group = parseEndpoint(text, { defaultPort: fallback.port, transport: "udp" });
  const version = "hostname" in group ? groupVersion(group.hostname) : undefined;
  if ("hostname" in group && version !== undefined) return { group, version };
  throw new UsageError(`--group: ${text} is not the address of a multicast group`, {
    hint: "224.0.0.0 to 239.255.255.255, or ff00::/8",
  });
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
): MulticastInterface[] | undefined {
  const requested = args.values("interface");
  if (requested.length === 0) return undefined;
  const interfaces = namesInterfaces(args) ? host.interfaces() : [];
  return requested.map((text) => {
    const ip = parseIp(text);
    if (ip?.version === 4 && version === 4) return { name: text, address: text, index: 0 };
    // An address of one version stands for its interface in the other.
    const name = ip === undefined ? text : interfaces.find(({ address }) => address === text)?.name;
    const place = multicastInterfaces(interfaces, version).find((one) => one.name === name);
    if (place !== undefined) return place;
    throw new UsageError(`--interface: there is no ${text} with an IPv${version} address`, {
      hint: "netwright interfaces",
    });
  });
}
