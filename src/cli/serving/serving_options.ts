/**
 * What `serve` reads from its command line for a service: where, with which options, within which limits.
 *
 * @module
 */

import {
  type ClientPrefix,
  type Endpoint,
  parseEndpoint,
  UnsupportedError,
  UsageError,
} from "../../net/mod.ts";
import type { ServiceArguments, ServiceModule, ServiceOptions } from "../../services/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { ServePlan } from "./server_models.ts";

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

/** What the service needs to know, as far as it is known before files are read. */
export function plannedArguments(args: Arguments, service: ServiceModule): ServiceArguments {
  return {
    options: optionsOf(args, service),
    endpoint: endpointOf(args, service),
    isSecure: args.has("tls-cert") && !startsTls(args, service),
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
