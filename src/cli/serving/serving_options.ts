/**
 * What `serve` reads from its command line for a service: where, with which options, within which limits.
 *
 * @module
 */

import {
  checkServerCredentials,
  type ClientPrefix,
  type Endpoint,
  parseEndpoint,
  requireServerTls,
  UnsupportedError,
  UsageError,
} from "../../net/mod.ts";
import type { ServiceModule, ServiceOptions } from "../../services/mod.ts";
import { readTextFile } from "../../stores/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { ServePlan } from "./server_models.ts";
import { readYaml } from "./yaml.ts";

/** Some services know nothing but datagrams. */
export function usesDatagrams(args: Arguments, service: ServiceModule): boolean {
  return args.has("udp") || service.stream === undefined;
}

/** Where the service is served, in streams or datagrams. */
export function endpointOf(args: Arguments, service: ServiceModule): Endpoint {
  const udp = usesDatagrams(args, service);
  if (udp ? service.datagram === undefined : service.stream === undefined) {
    throw new UnsupportedError(`${service.name} is not defined over ${udp ? "UDP" : "TCP"}`);
  }
  if (args.value("listen") === "") throw new UsageError("--listen requires an ENDPOINT");
  const usual = service.path === undefined ? `127.0.0.1:${service.port}` : `unix:${service.path}`;
  return parseEndpoint(args.value("listen") ?? usual, {
    defaultHost: "127.0.0.1",
    defaultPort: service.port,
    transport: udp ? "udp" : "tcp",
  });
}

/** The options of the service as they were typed. */
export function optionsOf(args: Arguments, { options = {} }: ServiceModule): ServiceOptions {
  return Object.fromEntries(
    Object.keys(options).flatMap((name) =>
      args.has(name) ? [[name, args.value(name) ?? "yes"]] : []
    ),
  );
}

/** The options that name YAML files. */
export function yamlFiles(
  options: ServiceOptions,
  { options: specs = {} }: ServiceModule,
): [name: string, file: string][] {
  return Object.entries(options).flatMap(([name, file]) =>
    specs[name]?.yaml && file !== undefined ? [[name, file] as [string, string]] : []
  );
}

/** The options with the YAML files in place of their names. */
export async function loadOptions(
  args: Arguments,
  service: ServiceModule,
  warn: (text: string) => void,
): Promise<ServiceOptions> {
  const options = optionsOf(args, service);
  const loaded = await Promise.all(
    yamlFiles(options, service).map(async ([name, file]) =>
      [name, JSON.stringify(await readYaml(file))] as const
    ),
  );
  const tls = service.startsTls === true ? await readTls(args) : undefined;
  // A model checks what it uses itself; this one is used by the service.
  if (tls !== undefined && !args.has("implicit")) checkServerCredentials(tls).forEach(warn);
  return {
    ...options,
    ...Object.fromEntries(loaded),
    ...service.optionsAt?.(endpointOf(args, service)),
    ...(tls && { "tls-cert": tls.cert, "tls-key": tls.key }),
    ...(tls && args.has("implicit") && { "tls-implicit": "yes" }),
    ...(args.has("tls-cert") && { tls: "yes" }),
  };
}

/** How members of a pool accept; a UNIX socket has one listener, which they share. */
export function acceptOf(args: Arguments, endpoint: Endpoint): ServePlan["accept"] {
  const accept = args.value("accept") as ServePlan["accept"];
  if (!("path" in endpoint)) return accept;
  if (accept === "own") throw new UsageError("--accept own needs a port, not a UNIX socket");
  return "shared";
}

/** Options that only pools have. */
const POOL_OPTIONS = [
  ...["accept", "idle-min", "idle-max", "children-max", "connections-per-child"],
  "requests-per-child",
];

/**
 * Refuses options that would have no effect.
 * @throws {UsageError} If there is one for pools, and the model has none.
 */
export function refusePoolOptions(args: Arguments): void {
  const idle = POOL_OPTIONS.find((name) => args.has(name));
  if (idle !== undefined) throw new UsageError(`--${idle} is for --model prefork and prethread`);
}

/** What a client is, by its leading bits. */
export function prefixOf(args: Arguments): ClientPrefix {
  const text = args.value("client-prefix");
  if (text === undefined) return {};
  const [, v4, v6 = "64"] = /^(\d{1,2})(?:,(\d{1,3}))?$/.exec(text) ?? [];
  if (v4 === undefined || Number(v4) > 32 || Number(v6) > 128) {
    throw new UsageError("--client-prefix wants bits of IPv4 and of IPv6, such as 24 or 24,56");
  }
  return { v4: Number(v4), v6: Number(v6) };
}

/** The limits of a pool. */
export function poolOptions(args: Arguments, endpoint: Endpoint) {
  const number = (name: string, min = 1) => args.integer(name, { min, fallback: undefined });
  const [least, most] = [number("idle-min"), number("idle-max")];
  if (least !== undefined && most !== undefined && least > most) {
    throw new UsageError("--idle-min is more than --idle-max");
  }
  return {
    accept: acceptOf(args, endpoint),
    idleMin: least,
    idleMax: most,
    childrenMax: number("children-max"),
    connectionsPerChild: number("connections-per-child"),
    requestsPerChild: number("requests-per-child"),
  };
}

/** Whether the service gets the certificate, to start TLS when a client asks. */
export function startsTls(args: Arguments, service: ServiceModule): boolean {
  return service.startsTls === true && !args.has("implicit");
}

/** The certificate and its key; undefined if there is none. */
export async function readTls(args: Arguments): Promise<{ cert: string; key: string } | undefined> {
  const [cert, key] = [args.value("tls-cert"), args.value("tls-key")];
  if (cert === undefined && key === undefined) {
    if (args.has("implicit")) throw new UsageError("--implicit requires --tls-cert and --tls-key");
    return undefined;
  }
  if (cert === undefined || key === undefined) {
    throw new UsageError("--tls-cert and --tls-key belong together");
  }
  if (args.has("udp")) throw new UsageError("datagrams have no TLS");
  requireServerTls();
  const pair = { cert: await readTextFile(cert), key: await readTextFile(key) };
  try {
    checkServerCredentials(pair);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`--tls-cert ${cert}, --tls-key ${key}: ${error.reason}`, { cause: error });
  }
  return pair;
}
