/**
 * What all commands that connect share: `--timeout`, `--ipv4`, `--ipv6`, `--tls`, certificates, `--wire` and
 * `--socket-option`.
 *
 * @module
 */

import {
  type Capabilities,
  type Endpoint,
  isIp,
  LIBC_PATHS,
  parseEndpoint,
  parseIp,
  patternsFor,
  TRIES_EVERY_ADDRESS,
  UsageError,
  type WaitOptions,
} from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import { needsSystemCalls, parseSocketOptions } from "./socket_options.ts";

/**
 * Works out what connecting needs.
 *
 * @param args The command line.
 * @param host Looks names up, which is needed only to choose between IPv4 and IPv6.
 * @param endpoints Whom.
 * @returns The endpoints, by name where the user gave a name; and the files of certificates.
 * @throws {UsageError} If an option makes no sense.
 */
export async function connectionCapabilities(
  args: Arguments,
  host: Host,
  endpoints: readonly Endpoint[],
): Promise<Capabilities> {
  const needsCalls = needsSystemCalls(parseSocketOptions(args));
  waits(args);
  const family = familyOf(args);
  const net: string[] = [];
  for (const endpoint of endpoints) {
    if ("path" in endpoint || family === undefined) {
      net.push(...patternsFor(endpoint));
      if (needsCalls && !("path" in endpoint) && !isIp(endpoint.hostname)) {
        net.push(endpoint.hostname);
      }
      // On these runtimes the command itself looks the name up and tries its addresses.
      if (!TRIES_EVERY_ADDRESS && !("path" in endpoint) && !isIp(endpoint.hostname)) {
        const addresses = await host.lookUp(endpoint.hostname).catch(() => []);
        net.push(endpoint.hostname);
        for (const hostname of addresses) net.push(...patternsFor({ ...endpoint, hostname }));
      }
      continue;
    }
    const version = parseIp(endpoint.hostname)?.version;
    if (version !== undefined && version !== family) {
      throw new UsageError(`${endpoint.hostname} is no IPv${family} address`);
    }
    // Looking the name up again needs the name; connecting needs the address that was found.
    if (version === undefined) net.push(endpoint.hostname);
    for (
      const hostname of version ? [endpoint.hostname] : await host.lookUp(endpoint.hostname, family)
    ) {
      net.push(...patternsFor({ ...endpoint, hostname }));
    }
  }
  const read = ["ca", "tls-cert", "tls-key"].map((name) => args.value(name))
    .filter((file) => file !== undefined);
  if (args.has("tls-cert") !== args.has("tls-key")) {
    throw new UsageError("--tls-cert and --tls-key go together");
  }
  return {
    net,
    ...(read.length > 0 && { read }),
    ...(needsCalls && { ffi: LIBC_PATHS }),
  };
}

export function familyOf(args: Arguments): 4 | 6 | undefined {
  if (args.has("ipv4") && args.has("ipv6")) {
    throw new UsageError("--ipv4 and --ipv6 exclude each other");
  }
  return args.has("ipv4") ? 4 : args.has("ipv6") ? 6 : undefined;
}

/**
 * Reads the operands as endpoints of one protocol.
 *
 * @param args The command line; `--udp` makes them endpoints for datagrams.
 * @param defaultPort The protocol's port.
 * @param operands Which operands. @default {all}
 * @returns The endpoints, in order.
 * @throws {UsageError} If one is none.
 */
export function endpointsOf(
  args: Arguments,
  defaultPort: number,
  operands: readonly string[] = args.operands,
): Endpoint[] {
  const transport = args.has("udp") ? "udp" : "tcp";
  return operands.map((text) => parseEndpoint(text, { defaultPort, transport }));
}

/**
 * Reads `--timeout`.
 *
 * @param args The command line.
 * @returns Options for whatever waits; without `--timeout` each keeps its own default.
 */
export function waits(args: Arguments): WaitOptions {
  return args.has("timeout") ? { timeoutMs: args.milliseconds("timeout", 0) } : {};
}
