/**
 * The plan of `serve`: service, endpoint, server model and limits, read from the command line.
 *
 * @module
 */

import {
  type Capabilities,
  type ClientPrefix,
  type Endpoint,
  Netmask,
  parseEndpoint,
  parseIp,
  UnsupportedError,
  UsageError,
} from "../../net/mod.ts";
import type { ServiceArguments, ServiceModule, ServiceOptions } from "../../services/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { type LogTarget, logTargetOf } from "../logging/log_target.ts";
import { requireUnstable } from "../sandbox/main_module.ts";
import type { DaemonDuties } from "../command/broker.ts";
import { dutiesOf } from "../daemon/duties.ts";
import { printsAddress } from "./reachable.ts";
import { type ModelSetting, SERVER_MODELS } from "./server_models.ts";
import { type SocketFile, socketFileOf } from "./socket_file.ts";

/** A server to be started. */
export interface ServePlan extends ModelSetting {
  /** Arguments of the service, without the contents of files. */
  readonly serviceArguments: ServiceArguments;
  /** Whether it serves datagrams. */
  readonly datagrams: boolean;
  /** The server model's name. */
  readonly model: string;
  /** Whether sockets are made by the system's own calls. */
  readonly fast: boolean;
  /** How many clients, and for how long. */
  readonly limits: ServeLimits;
  /** The sizes of a pool. */
  readonly pool: PoolSizes;
  /** YAML files of the service's options. */
  readonly yaml: readonly YamlFile[];
  /** Files of the certificate and its key. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the service starts TLS itself, when a client asks. */
  readonly startsTls: boolean;
  /** Who may use the file of a UNIX socket. */
  readonly socketFile: SocketFile;
  /** Time for sessions to finish at shutdown, in milliseconds. */
  readonly graceMs: number;
  /** Whether clients come by Telnet. */
  readonly telnet: boolean;
  /** What it does as a daemon. */
  readonly duties: DaemonDuties | undefined;
  /** Where events go. */
  readonly log: LogTarget;
  /** Whether the server prints an address for other hosts. */
  readonly printsAddress: boolean;
}

/** Limits of a server; undefined keeps its own default. */
export interface ServeLimits {
  /** Maximum number of connections at once. */
  readonly maxConnections: number | undefined;
  /** Maximum number of connections of one client at once. */
  readonly maxConnectionsPerClient: number | undefined;
  /** How further ones are handled. */
  readonly whenFull: "refuse" | "queue" | undefined;
  /** The prefix of an address that makes out one client. */
  readonly clientPrefix: ClientPrefix;
  /** Addresses and networks of proxies. */
  readonly proxies: readonly string[] | undefined;
  /** Maximum number of datagrams of one client per second. */
  readonly clientRate: number | undefined;
  /** Maximum silence of a client in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Maximum duration of a connection in milliseconds. */
  readonly sessionTimeoutMs: number;
}

/** A YAML file that an option names. */
export interface YamlFile {
  /** The option's name. */
  readonly option: string;
  /** The file's path. */
  readonly file: string;
  /** Whether its values are read as strings, or as numbers and booleans too. */
  readonly content: "text" | "values";
}

/** Sizes of a pool; undefined keeps its own default. */
export interface PoolSizes {
  /** Minimum number of idle workers. */
  readonly idleMin: number | undefined;
  /** Maximum number of idle workers. */
  readonly idleMax: number | undefined;
  /** Maximum number of workers. */
  readonly childrenMax: number | undefined;
  /** Connections of one worker at once. */
  readonly connectionsPerChild: number | undefined;
  /** Connections after which a worker is replaced. */
  readonly requestsPerChild: number | undefined;
}

/**
 * Plans a server.
 *
 * @param args The command line.
 * @param service The service.
 * @param options The service's options; by default those that it declares, as typed.
 * @param listen Where to listen; by default as typed.
 * @returns The plan.
 * @throws {UsageError} If options make no sense, alone or together.
 * @throws {UnsupportedError} If the protocol is not defined over the transport.
 */
export function planServing(
  args: Arguments,
  service: ServiceModule,
  options: ServiceOptions = optionsOf(args, service),
  listen: string | undefined = args.value("listen"),
): ServePlan {
  const datagrams = args.has("udp") || service.stream === undefined;
  const endpoint = endpointOf(listen, service, datagrams);
  const model = args.value("model") ?? Object.keys(SERVER_MODELS)[0]!;
  const forStreams = datagrams ? CONNECTION_ONLY.find((name) => args.has(name)) : undefined;
  if (forStreams !== undefined) {
    throw new UsageError(`--${forStreams} is for connections, not for datagrams`);
  }
  const accept = acceptOf(args, endpoint);
  if (!datagrams && args.has("client-rate")) {
    throw new UsageError("--client-rate is for datagrams, not for connections");
  }
  refuseOptionsOfOtherModels(args, model);
  if (!datagrams && SERVER_MODELS[model]!.startsWorkers) requireUnstable(`--model ${model}`);
  const fast = args.has("fast");
  if (fast && datagrams && endpoint.transport !== "udp") throw new UsageError("--fast is for UDP");
  if (fast && !datagrams && !(endpoint.transport === "tcp" && SERVER_MODELS[model]!.isInThread)) {
    throw new UsageError("--fast is for UDP, and for TCP in one thread");
  }
  const tls = certificateOf(args);
  const startsTls = service.startsTls === true && !args.has("implicit");
  const telnet = telnetOf(args, service, datagrams);
  const isSecure = tls !== undefined && !startsTls;
  const serviceArguments = { options, endpoint, isSecure, telnet };
  const needs: Capabilities = service.capabilities?.(service.parse(serviceArguments)) ?? {};
  return {
    ...{ service: service.name, needs, endpoint, accept, serviceArguments, datagrams, model, fast },
    ...{ tls, startsTls },
    limits: limitsOf(args, service),
    pool: poolOf(args),
    yaml: yamlFiles(options, service),
    socketFile: socketFileOf(args, endpoint),
    // A service of datagrams has its own connections.
    telnet: telnet && !datagrams,
    log: logTargetOf(args),
    duties: dutiesOf(args),
    graceMs: args.milliseconds("grace", 500),
    printsAddress: !datagrams && !args.has("quiet") && printsAddress(endpoint),
  };
}

/** Whether clients come by Telnet, which the service must be made for. */
function telnetOf(args: Arguments, service: ServiceModule, datagrams: boolean): boolean {
  if (!args.has("telnet")) return false;
  const isStreamAsDatagrams = datagrams && service.stream !== undefined;
  if (service.isForPeople === true && !isStreamAsDatagrams) return true;
  throw new UsageError(`--telnet is for services of lines, such as eliza, not for ${service.name}`);
}

/** Where the service is served, in streams or datagrams. */
function endpointOf(
  listen: string | undefined,
  service: ServiceModule,
  datagrams: boolean,
): Endpoint {
  if (datagrams ? service.datagram === undefined : service.stream === undefined) {
    throw new UnsupportedError(`${service.name} is not defined over ${datagrams ? "UDP" : "TCP"}`);
  }
  if (listen === "") throw new UsageError("--listen requires an ENDPOINT");
  const port = datagrams ? service.datagramPort ?? service.port : service.port;
  const usual = service.path === undefined ? `127.0.0.1:${port}` : `unix:${service.path}`;
  return parseEndpoint(listen ?? usual, {
    defaultHost: "127.0.0.1",
    defaultPort: port,
    transport: datagrams ? "udp" : "tcp",
  });
}

/** The options of the service as typed. */
function optionsOf(args: Arguments, { options = {} }: ServiceModule): ServiceOptions {
  return Object.fromEntries(
    Object.keys(options).flatMap((name) =>
      args.has(name) ? [[name, args.value(name) ?? "yes"]] : []
    ),
  );
}

/** The options that name YAML files. */
function yamlFiles(
  options: ServiceOptions,
  { options: specs = {} }: ServiceModule,
): YamlFile[] {
  return Object.entries(options).flatMap(([option, file]) => {
    const content = specs[option]?.yaml;
    return content === undefined || file === undefined ? [] : [{ option, file, content }];
  });
}

/** How workers of a pool accept; a UNIX socket has one listener, which they share. */
function acceptOf(args: Arguments, endpoint: Endpoint): ModelSetting["accept"] {
  const accept = args.value("accept") as ModelSetting["accept"];
  if (!("path" in endpoint)) return accept;
  if (accept === "own") throw new UsageError("--accept own needs a port, not a UNIX socket");
  return "shared";
}

/** Options that only pools have. */
const POOL_OPTIONS = [
  ...["accept", "idle-min", "idle-max", "children-max", "connections-per-child"],
  "requests-per-child",
];

/** Options of `serve` that have no meaning for datagrams. */
export const CONNECTION_ONLY: readonly string[] = [
  ...["proxy-protocol", "model", "when-full", "max-per-client", "session-timeout", ...POOL_OPTIONS],
  ...["tls-cert", "tls-key", "implicit"],
];

/** Options that require a view of all connections. */
const UNPOOLED_OPTIONS = ["max-per-client", "client-prefix", "when-full"];

/** Rejects options that would have no effect. */
function refuseOptionsOfOtherModels(args: Arguments, model: string): void {
  const { isPool = false } = SERVER_MODELS[model]!;
  const name = (isPool ? UNPOOLED_OPTIONS : POOL_OPTIONS).find((option) => args.has(option));
  if (name === undefined) return;
  throw new UsageError(
    isPool
      ? `--${name} is for models without a pool: its workers each accept`
      : `--${name} is for --model prefork and prethread`,
  );
}

function limitsOf(args: Arguments, service: ServiceModule): ServeLimits {
  const number = (name: string) => args.integer(name, { min: 1, fallback: undefined });
  return {
    maxConnections: number("max-connections"),
    maxConnectionsPerClient: number("max-per-client"),
    whenFull: args.value("when-full") as ServeLimits["whenFull"],
    clientPrefix: prefixOf(args),
    proxies: proxiesOf(args),
    clientRate: number("client-rate") ?? service.clientRate,
    idleTimeoutMs: args.milliseconds("idle-timeout", service.idleTimeoutMs ?? 300_000),
    sessionTimeoutMs: args.milliseconds("session-timeout", Infinity),
  };
}

/** Reads `--proxy-protocol`: addresses and networks, or `unix`. */
function proxiesOf(args: Arguments): readonly string[] | undefined {
  const texts = args.values("proxy-protocol").flatMap((text) => text.split(","));
  for (const text of texts) {
    const [host = "", bits] = text.split("/");
    const address = parseIp(host);
    if (text === "unix") continue;
    if (address === undefined) {
      throw new UsageError(
        "--proxy-protocol takes addresses or networks, such as 10.0.0.0/8, or unix",
      );
    }
    if (bits !== undefined) Netmask.parse(`/${bits}`, address.version);
  }
  return texts.length === 0 ? undefined : texts;
}

/** Reads `--client-prefix`: bits of IPv4, and of IPv6. */
function prefixOf(args: Arguments): ClientPrefix {
  const text = args.value("client-prefix");
  if (text === undefined) return {};
  const [, v4, v6 = "64"] = /^(\d{1,2})(?:,(\d{1,3}))?$/.exec(text) ?? [];
  if (v4 === undefined || Number(v4) > 32 || Number(v6) > 128) {
    throw new UsageError("--client-prefix takes bits of IPv4 and of IPv6, such as 24 or 24,56");
  }
  return { v4: Number(v4), v6: Number(v6) };
}

function poolOf(args: Arguments): PoolSizes {
  const number = (name: string) => args.integer(name, { min: 1, fallback: undefined });
  const [idleMin, idleMax] = [number("idle-min"), number("idle-max")];
  if (idleMin !== undefined && idleMax !== undefined && idleMin > idleMax) {
    throw new UsageError("--idle-min is more than --idle-max");
  }
  return {
    idleMin,
    idleMax,
    childrenMax: number("children-max"),
    connectionsPerChild: number("connections-per-child"),
    requestsPerChild: number("requests-per-child"),
  };
}

/** The files of the certificate and its key. */
function certificateOf(args: Arguments): ServePlan["tls"] {
  const [cert, key] = [args.value("tls-cert"), args.value("tls-key")];
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert !== undefined || key !== undefined) {
    throw new UsageError("--tls-cert and --tls-key belong together");
  }
  if (args.has("implicit")) throw new UsageError("--implicit requires --tls-cert and --tls-key");
  return undefined;
}
