/**
 * What all commands that connect share: `--timeout`, `--ipv4`, `--ipv6`, `--tls`, certificates, `--wire` and
 * `--socket-option`.
 *
 * @module
 */

import { LIBC_PATHS, patternsFor, TRIES_EVERY_ADDRESS } from "../../net/internal.ts";
import {
  type Capabilities,
  type Endpoint,
  isIp,
  parseEndpoint,
  parseIp,
  UsageError,
  type WaitOptions,
} from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import type { SocketOptionSetting } from "../../os/internal.ts";
import { needsSystemCalls, parseSocketOptions } from "./socket_options.ts";

/** How connections are made, as the options say: data that is posted to the sandbox. */
export interface ConnectionOptions {
  /** The address family that the user chose. */
  readonly family: 4 | 6 | undefined;
  /** Longest wait, in milliseconds; undefined where each wait keeps its own default. */
  readonly timeoutMs: number | undefined;
  /** Longest wait for a connection, in milliseconds; undefined for the default. */
  readonly connectTimeoutMs: number | undefined;
  /** Whether connections begin with a TLS handshake. */
  readonly tls: boolean;
  /** A file with certificates that are trusted too. */
  readonly ca: string | undefined;
  /** A file with our certificate. */
  readonly cert: string | undefined;
  /** A file with its key. */
  readonly key: string | undefined;
  /** Whether any certificate is taken. */
  readonly anyCertificate: boolean;
  /** Whether the dialogue is shown. */
  readonly wire: boolean;
  /** Options of the sockets, in order. */
  readonly socketOptions: readonly SocketOptionSetting[];
}

/**
 * Reads the options of connections.
 *
 * @param args The command line.
 * @returns The options.
 * @throws {UsageError} If one makes no sense.
 */
export function connectionOptions(args: Arguments): ConnectionOptions {
  if (args.has("tls-cert") !== args.has("tls-key")) {
    throw new UsageError("--tls-cert and --tls-key go together");
  }
  return {
    family: familyOf(args),
    timeoutMs: timeoutOptions(args).timeoutMs,
    connectTimeoutMs: args.has("connect-timeout")
      ? args.milliseconds("connect-timeout", 0)
      : timeoutOptions(args).timeoutMs,
    tls: args.has("tls"),
    ca: args.value("ca"),
    cert: args.value("tls-cert"),
    key: args.value("tls-key"),
    anyCertificate: args.has("insecure-tls"),
    wire: args.has("wire"),
    socketOptions: parseSocketOptions(args),
  };
}

/** How to connect, and what that needs. */
export interface ConnectionPlan {
  /** How. */
  readonly connection: ConnectionOptions;
  /** The hosts and files. */
  readonly needs: Capabilities;
}

/**
 * Plans connections.
 *
 * @param args The command line.
 * @param host Looks names up, which is needed only to choose between IPv4 and IPv6.
 * @param endpoints The servers.
 * @returns How to connect to them.
 * @throws {UsageError} If an option makes no sense.
 */
export async function planConnections(
  args: Arguments,
  host: Host,
  endpoints: readonly Endpoint[],
): Promise<ConnectionPlan> {
  return {
    connection: connectionOptions(args),
    needs: await connectionCapabilities(args, host, endpoints),
  };
}

/**
 * Works out what connecting needs.
 *
 * @param args The command line.
 * @param host Looks names up, which is needed only to choose between IPv4 and IPv6.
 * @param endpoints The servers.
 * @returns The endpoints, by name where the user gave a name; and the files of certificates.
 * @throws {UsageError} If an option makes no sense.
 */
export async function connectionCapabilities(
  args: Arguments,
  host: Host,
  endpoints: readonly Endpoint[],
): Promise<Capabilities> {
  const { family, ca, cert, key, socketOptions } = connectionOptions(args);
  const needsCalls = needsSystemCalls(socketOptions);
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
  const read = [ca, cert, key].filter((file) => file !== undefined);
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
 * Gives the longest wait as options of whatever waits.
 *
 * @param options How connections are made.
 * @returns The time; without `--timeout` each keeps its own default.
 */
export function timeoutOptionsOf({ timeoutMs }: ConnectionOptions): WaitOptions {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/**
 * Gives the longest wait for a connection as options of `dial`.
 *
 * @param options How connections are made.
 * @returns The time; without `--connect-timeout` or `--timeout` the default of `dial`.
 */
export function dialOptionsOf({ connectTimeoutMs: timeoutMs }: ConnectionOptions): WaitOptions {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/**
 * Reads `--timeout`.
 *
 * @param args The command line.
 * @returns Options for whatever waits; without `--timeout` each keeps its own default.
 */
export function timeoutOptions(args: Arguments): WaitOptions {
  return args.has("timeout") ? { timeoutMs: args.milliseconds("timeout", 0) } : {};
}
