/**
 * The network of commands that connect: inside TLS, of one address family, recorded, with socket options.
 *
 * @module
 */

import { closeQuietly, covers } from "../../net/internal.ts";
import {
  type Connection,
  dial,
  type Endpoint,
  formatEndpoint,
  isIp,
  type Network,
  overrideNetwork,
  secure,
  socketOptions,
  type TlsTrust,
  UsageError,
} from "../../net/mod.ts";
import { readTextFile } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import { needsSystemCalls } from "./socket_options.ts";
import { connectByCalls } from "./connect_by_calls.ts";
import { recordConnection, recordDatagrams, wireTranscript } from "../terminal/wire.ts";
import { type ConnectionOptions, dialOptionsOf } from "./connecting.ts";

/** Differences between {@link clientNetwork} and the options. */
export interface ClientNetworkOptions {
  /** Whether connections begin with a TLS handshake. @default {whether `--tls` was given} */
  readonly tls?: boolean;
  /**
   * Whether `--wire` shows what goes over connections; not where the protocol's client does so itself, which knows what
   * is secret. @default {true}
   */
  readonly recorded?: boolean;
}

/**
 * Returns the context's network as the options require it: connections inside TLS, of one address family,
 * recorded, with socket options.
 *
 * @param options How connections are made.
 * @param context Where the command runs.
 * @param changes Differences from the options.
 * @returns The network.
 */
export async function clientNetwork(
  options: ConnectionOptions,
  context: Context,
  changes: ClientNetworkOptions = {},
): Promise<Network> {
  const { tls = options.tls, recorded = true } = changes;
  const { family, socketOptions: settings } = options;
  const trust = await trustOf(options);
  const transcript = options.wire && recorded ? wireTranscript(context.stderr) : undefined;
  const plain = transcript === undefined
    ? context.network
    : recordDatagrams(context.network, transcript);
  return overrideNetwork(plain, {
    async connect(requested): Promise<Connection> {
      const endpoint: Endpoint = requested.transport === "unix"
        ? requested
        : { transport: "tcp", hostname: requested.hostname ?? "127.0.0.1", port: requested.port };
      const pinned = await pinFamily(endpoint, family, context);
      const signal = "signal" in requested ? requested.signal : undefined;
      const reconnect = (): Promise<Connection> =>
        dial(pinned, { network: plain, timeoutMs: Infinity, signal });
      const connection = needsSystemCalls(settings)
        ? await connectByCalls(pinned, settings, context, signal)
        : await reconnect();
      try {
        for (const [name, value] of settings) socketOptions(connection).set(name, value);
      } catch (error) {
        closeQuietly(connection);
        throw error;
      }
      const secured = tls
        ? await secure(connection, {
          role: "client",
          hostname: nameOf(endpoint),
          ...trust,
          reconnect,
          ...dialOptionsOf(options),
        })
        : connection;
      return transcript === undefined ? secured : recordConnection(secured, transcript);
    },
  });
}

function nameOf(endpoint: Endpoint): string {
  return "path" in endpoint ? "localhost" : endpoint.hostname;
}

/**
 * Replaces a name by its address if the user chose an address family.
 *
 * @param endpoint The server.
 * @param family The address family; undefined if the user chose none.
 * @param context Where the command runs.
 * @returns An endpoint inside the capabilities.
 */
async function pinFamily<E extends Endpoint>(
  endpoint: E,
  family: 4 | 6 | undefined,
  context: Context,
): Promise<E> {
  if ("path" in endpoint || family === undefined || isIp(endpoint.hostname)) return endpoint;
  const addresses = await context.host.lookUp(endpoint.hostname, family);
  const pinned = addresses.map((hostname) => ({ ...endpoint, hostname }))
    .find((candidate) => covers(context.capabilities, { net: [formatEndpoint(candidate)] }));
  return pinned ?? { ...endpoint, hostname: addresses[0]! };
}

/**
 * Replaces the names of datagram endpoints by their addresses if the user chose an address family;
 * streams are left to {@link clientNetwork}, which needs their names for certificates.
 *
 * @param options How connections are made.
 * @param context Where the command runs.
 * @param endpoint The server.
 * @returns The endpoint.
 */
export async function pinDatagrams(
  { family }: ConnectionOptions,
  context: Context,
  endpoint: Endpoint,
): Promise<Endpoint> {
  return endpoint.transport === "udp" ? await pinFamily(endpoint, family, context) : endpoint;
}

/**
 * Reads the files of `--ca`, `--tls-cert` and `--tls-key`.
 *
 * @param options Which files.
 * @returns The trusted certificates, and our own.
 * @throws {UsageError} If a file has the wrong content.
 */
export async function trustOf(options: ConnectionOptions): Promise<TlsTrust> {
  const [ca, cert, key] = await Promise.all(
    (["ca", "cert", "key"] as const).map(async (name) => {
      const path = options[name];
      if (path === undefined) return undefined;
      const text = await readTextFile(path);
      const [label, what] = name === "key"
        ? ["PRIVATE KEY-----", "private key"]
        : ["-----BEGIN CERTIFICATE-----", "certificate"];
      if (text.includes(label)) return text;
      throw new UsageError(`${path} holds no ${what} in PEM`);
    }),
  );
  return {
    caCerts: ca === undefined ? [] : [ca],
    cert,
    key,
    anyCertificate: options.anyCertificate,
  };
}
