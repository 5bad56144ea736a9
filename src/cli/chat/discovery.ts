/**
 * Discovery of chat servers for commands.
 *
 * @module
 */

import { subnets } from "../../net/internal.ts";
import { formatEndpoint, type HostEndpoint, isLoopback, NetwrightError } from "../../net/mod.ts";
import { discoverChat, type DiscoverOptions } from "../../protocols/chat/mod.ts";
import type { Context } from "../command/context.ts";
import type { DiscoveryPlan } from "./discovery_options.ts";

/**
 * Reads how servers are looked for.
 *
 * @param plan How servers are looked for.
 * @param context Where the command runs.
 * @returns The options.
 * @throws {NetwrightError} If no interface can broadcast.
 */
export function discovery(
  { port, waitMs }: DiscoveryPlan,
  context: Context,
): DiscoverOptions {
  const addresses = subnets(context.host.interfaces()).map(({ broadcast }) => broadcast);
  if (addresses.length === 0) throw new NetwrightError("no interface has a broadcast address");
  return {
    addresses,
    port,
    waitMs,
    signal: context.signal,
  };
}

/**
 * Finds the one server that there is.
 *
 * @param plan How servers are looked for.
 * @param context Where the command runs.
 * @returns The server.
 * @throws {NetwrightError} If there is none, or there are several.
 */
export async function theOnlyServer(
  plan: DiscoveryPlan,
  context: Context,
): Promise<HostEndpoint> {
  const options = discovery(plan, context);
  const found: HostEndpoint[] = [];
  for await (const server of discoverChat({ network: context.network, ...options })) {
    if ("hostname" in server) found.push({ ...server, transport: "udp" });
  }
  // This host's own server answers on each of its addresses.
  const others = found.filter(({ hostname }) => !isLoopback(hostname));
  const [server, ...more] = others.length > 0 ? others : found;
  if (server === undefined) throw new NetwrightError("no chat server answers on any subnet");
  if (more.length === 0) return server;
  const names = [server, ...more].map(formatEndpoint).join(", ");
  throw new NetwrightError(`there are several: ${names}`, { hint: "say which: NICKNAME@HOST" });
}
