/**
 * Options of commands that look for chat servers, and what they need.
 *
 * @module
 */

import { type Capabilities, subnets, union } from "../../net/mod.ts";
import { CHAT_PORT } from "../../reference/usual_places.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import type { Host } from "../command/host.ts";

/** Commands that look for servers have these. */
export const DISCOVERY_OPTIONS: OptionSpecs = {
  wait: { value: "SECONDS", help: "for answers (default 3)" },
  port: { value: "N", help: "of the servers (default 2027)" },
};

export function portOf(args: Arguments): number {
  return args.integer("port", { min: 1, max: 65535, fallback: CHAT_PORT });
}

/**
 * Works out what discovery needs: to list the interfaces, and to send to their broadcast addresses.
 *
 * @param args The command line.
 * @param host Lists the interfaces.
 * @returns The capabilities.
 */
export function discoveryCapabilities(args: Arguments, host: Host): Capabilities {
  const places = subnets(host.interfaces()).map(({ broadcast }) => `${broadcast}:${portOf(args)}`);
  return { net: ["0.0.0.0:0", ...places], sys: ["networkInterfaces"] };
}

/**
 * Works out what talking to a server needs that is not known yet: all hosts of all subnets, on one port.
 *
 * @param args The command line.
 * @param host Lists the interfaces.
 * @returns The capabilities.
 */
export function unknownServerCapabilities(args: Arguments, host: Host): Capabilities {
  const networks = subnets(host.interfaces()).map(({ network }) => network);
  return union(discoveryCapabilities(args, host), { net: networks });
}
