/**
 * Addresses of servers, as clients take them.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, parseTarget, type Target } from "../address/endpoint.ts";
import type { WaitOptions } from "../core/deadline.ts";
import { UnsupportedError, UsageError } from "../core/errors.ts";
import type { Network } from "../core/network.ts";
import type { OptionRules } from "../core/options.ts";

/**
 * The address of a server: an endpoint, or its text (`host`, `host:port`, `[v6]:port`, `unix:/path`), or a URL
 * (`daytime://host`, `udp://host:13`). A port that is not there is the protocol's own.
 */
export type ServerAddress = string | URL | Endpoint;

/** Options of all clients. */
export interface ClientOptions extends WaitOptions {
  /** Where to connect. @default {systemNetwork()} */
  readonly network?: Network | undefined;
}

/** Validation rules. */
export const CLIENT_RULES: OptionRules<ClientOptions> = {
  network: "any",
  timeoutMs: "time",
  signal: "signal",
};

/** Takes the options of all clients out of those of one. */
export function clientOptions({ network, timeoutMs, signal }: ClientOptions): ClientOptions {
  return { network, timeoutMs, signal };
}

/** How a protocol reads an address. */
export interface ServerAddressOptions {
  /** Schemes of its URLs; the first is its own. */
  readonly schemes: readonly string[];
  /** Its port; without one, the address needs a port. */
  readonly defaultPort?: number | undefined;
}

/**
 * Reads the address of a server.
 *
 * @param server The address.
 * @param options The protocol's schemes and port.
 * @returns The endpoint, TLS mode, credentials and path that it names.
 * @throws {UsageError} If it is malformed, or of another scheme.
 */
export function targetOf(server: ServerAddress, options: ServerAddressOptions): Target {
  if (typeof server === "string") return parseTarget(server, options);
  if (server instanceof URL) return parseTarget(server.href, options);
  checkEndpoint(server);
  const nothing = { scheme: undefined, username: undefined, password: undefined, path: "" };
  return { endpoint: server, tls: "none", ...nothing };
}

/**
 * Rejects values that the types do not allow, which the runtime reports in words of its own.
 *
 * @param endpoint An endpoint of the user's.
 * @throws {UsageError} If it is none.
 */
export function checkEndpoint(endpoint: Endpoint): void {
  if ("path" in endpoint) {
    if (endpoint.path !== "" && !endpoint.path.includes("\0")) return;
    throw new UsageError("the path of the socket is missing or malformed");
  }
  const { transport, hostname, port } = endpoint;
  if (transport !== "tcp" && transport !== "udp") {
    throw new UsageError(`the transport ${JSON.stringify(transport)} is unknown`);
  }
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new UsageError(`port ${port} is out of range; ports go up to 65535`);
  }
  if (!/^[!-~]+$/.test(hostname)) {
    throw new UsageError(`not a host name: ${JSON.stringify(hostname)}`);
  }
}

/**
 * Reads the address of a server whose protocol has no TLS.
 *
 * @param server The address.
 * @param scheme The protocol's own scheme beside `tcp` and `udp`; undefined if it has none.
 * @param defaultPort The protocol's port; undefined if it has none.
 * @returns The endpoint.
 * @throws {UsageError} If it is malformed, or of another scheme.
 */
export function endpointOf(
  server: ServerAddress,
  scheme: string | undefined,
  defaultPort: number | undefined,
): Endpoint {
  const schemes = ["tcp", "udp", ...scheme === undefined ? [] : [scheme]];
  return targetOf(server, { schemes, defaultPort }).endpoint;
}

/**
 * Reads the address of a server of connections.
 *
 * @param server The address.
 * @param scheme The protocol's own scheme.
 * @param defaultPort The protocol's port.
 * @returns The endpoint.
 * @throws {UsageError} If it is malformed, or of another scheme.
 * @throws {UnsupportedError} If it is one for datagrams.
 */
export function streamEndpointOf(
  server: ServerAddress,
  scheme: string | undefined,
  defaultPort: number | undefined,
): Endpoint {
  const endpoint = endpointOf(server, scheme, defaultPort);
  if (endpoint.transport === "udp" || endpoint.transport === "unixpacket") {
    throw new UnsupportedError("datagrams have no connections", {
      operation: "connect",
      peer: formatEndpoint(endpoint),
    });
  }
  return endpoint;
}
