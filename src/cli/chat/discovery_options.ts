/**
 * Options of commands that look for chat servers, and their capabilities.
 *
 * @module
 */

import { subnets, union } from "../../net/internal.ts";
import type { Capabilities } from "../../net/mod.ts";
import { CHAT_PORT } from "../../reference/usual_places.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import type { Host } from "../command/host.ts";

/** Commands that look for servers have these. */
export const DISCOVERY_OPTIONS: OptionSpecs = {
  wait: { value: "SECONDS", help: "for answers (default 3)" },
  port: { value: "N", help: "of the servers (default 2027)" },
};

/** How chat servers are looked for. */
export interface DiscoveryPlan {
  /** The port of the servers. */
  readonly port: number;
  /** Time for answers, in milliseconds. */
  readonly waitMs: number;
  /** What that needs: to list the interfaces, and to send to their broadcast addresses. */
  readonly needs: Capabilities;
}

/**
 * Reads how servers are looked for.
 *
 * @param args The command line.
 * @param host Lists the interfaces.
 * @returns How.
 * @throws {UsageError} If an option makes no sense.
 */
export function planDiscovery(args: Arguments, host: Host): DiscoveryPlan {
  const port = args.integer("port", { min: 1, max: 65535, fallback: CHAT_PORT });
  const places = subnets(host.interfaces()).map(({ broadcast }) => `${broadcast}:${port}`);
  return {
    port,
    waitMs: args.milliseconds("wait", 3000),
    needs: { net: ["0.0.0.0:0", ...places], sys: ["networkInterfaces"] },
  };
}

/**
 * Works out what talking to a server needs that is not known yet: all hosts of all subnets, on one port.
 *
 * @param discovery How it is looked for.
 * @param host Lists the interfaces.
 * @returns The capabilities.
 */
export function unknownServerCapabilities({ needs }: DiscoveryPlan, host: Host): Capabilities {
  return union(needs, { net: subnets(host.interfaces()).map(({ network }) => network) });
}
