/**
 * The order to a worker of a server: its service, and its limits.
 *
 * @module
 */

import { CAPABILITY_KINDS, union } from "../../net/internal.ts";
import {
  type Address,
  type Capabilities,
  type Endpoint,
  formatEndpoint,
  LimitError,
  parseEndpoint,
  UsageError,
} from "../../net/mod.ts";
import {
  findService,
  type NamedService,
  type Service,
  type ServiceModule,
} from "../../services/mod.ts";
import { isModuleAddress, moduleScope } from "../../services/internal.ts";
import type { ServerTls } from "../core/server.ts";

/** Where a worker's connections come from. */
export type WorkerSource =
  /** One connection, on its standard input and output. */
  | { readonly kind: "connection"; readonly remote: Address; readonly local: Address }
  /** A listening socket that others accept from too. */
  | { readonly kind: "shared"; readonly descriptor?: number }
  /** A listening socket of its own; the system spreads clients over those of one port. */
  | { readonly kind: "own"; readonly endpoint: string; readonly first?: boolean | undefined }
  /** Connections that its starter passes on. */
  | { readonly kind: "relayed"; readonly remote: Address; readonly local: Address };

/** An order to a worker. It is JSON, so it holds no `Infinity`: an absent value has no limit. */
export interface WorkerOrder extends NamedService {
  /** Where connections come from. */
  readonly source: WorkerSource;
  /** Certificate and key. */
  readonly tls?: ServerTls | undefined;
  /** Connections at once. */
  readonly connections?: number | undefined;
  /** Connections after which it retires. */
  readonly retireAfter?: number | undefined;
  /** Silence in milliseconds after which a connection is closed. */
  readonly idleTimeoutMs?: number | undefined;
  /** Addresses and networks of proxies. */
  readonly proxies?: readonly string[] | undefined;
  /** Whether messages of the service are of no interest. */
  readonly quiet?: boolean | undefined;
  /** Longest conversation in milliseconds. */
  readonly sessionTimeoutMs?: number | undefined;
}

/** Most characters of an order: the system takes 128 KiB as one variable of the environment. */
export const MAX_ORDER_LENGTH = 120_000;

/**
 * Determines the capabilities of a worker: those of its service, and listening if it does that itself.
 *
 * @param order The order.
 * @returns Its capabilities, without those that it gives up before the first byte.
 * @throws {UsageError} If there is no such service, or its configuration is not one of its own.
 */
export async function workerCapabilities(order: WorkerOrder): Promise<Capabilities> {
  const own = await serviceCapabilities(order);
  if (order.source.kind !== "own") return own;
  return union(own, { net: [order.source.endpoint] });
}

/** A module of the user's own is not loaded by those who give permissions: it says nothing here for itself. */
async function serviceCapabilities(order: NamedService): Promise<Capabilities> {
  const { service, configuration, needs = {} } = order;
  if (isModuleAddress(service)) return union(needs, moduleScope(service));
  return capabilitiesOf(await moduleOf(order), configuration);
}

/** The capabilities of a service; its configuration may come from a sandbox, so it can be anything. */
function capabilitiesOf({ capabilities }: ServiceModule, configuration: unknown): Capabilities {
  const malformed = new UsageError("the configuration of the service is malformed");
  let needs: Capabilities;
  try {
    needs = capabilities?.(configuration) ?? {};
  } catch (error) {
    if (error instanceof TypeError) throw malformed;
    throw error;
  }
  if (!Object.values(needs).every(isScope)) throw malformed;
  return needs;
}

function isScope(scope: unknown): boolean {
  return scope === undefined || scope === true ||
    (Array.isArray(scope) && scope.every((pattern) => typeof pattern === "string"));
}

function isCapabilities(data: unknown): data is Capabilities {
  return isRecord(data) &&
    Object.entries(data).every(([kind, scope]) =>
      (CAPABILITY_KINDS as readonly string[]).includes(kind) && isScope(scope)
    );
}

/**
 * Builds the service of an order.
 *
 * @param named Which service.
 * @returns The service.
 * @throws {UsageError} If there is none of that name for streams.
 */
export async function buildService(named: NamedService): Promise<Service> {
  const service = await (await moduleOf(named)).stream!(named.configuration);
  if (named.telnet !== true) return service;
  const { overTelnet } = await import("../../services/internal.ts");
  return overTelnet(service);
}

/**
 * Refuses a service that no worker could serve, before anybody listens for it.
 *
 * @param named Which service.
 * @throws {UsageError} If there is none of that name for streams, or its module cannot be loaded.
 */
export async function requireService(named: NamedService): Promise<void> {
  try {
    if (structuredClone(named.configuration) === undefined) throw new TypeError("it is missing");
  } catch (cause) {
    throw new UsageError("the configuration of the service must be data", { cause });
  }
  // A program that serves itself is still running: its workers find out.
  if (named.service === Deno.mainModule) return;
  await moduleOf(named);
}

/**
 * Rejects a configuration that no process could receive.
 *
 * @param named The service.
 * @throws {UsageError} If it cannot be written as JSON.
 * @throws {LimitError} If it is too long.
 */
export function requireProcessConfiguration({ configuration }: NamedService): void {
  let text: string | undefined;
  try {
    text = JSON.stringify(configuration);
  } catch (cause) {
    throw new UsageError("the configuration of the service must be JSON", { cause });
  }
  if ((text?.length ?? 0) <= MAX_ORDER_LENGTH) return;
  throw new LimitError(
    `the configuration of the service has more than ${MAX_ORDER_LENGTH} characters`,
    { operation: "serve", limit: MAX_ORDER_LENGTH },
  );
}

async function moduleOf({ service }: NamedService): Promise<ServiceModule> {
  const module = await findService(service);
  if (module?.stream === undefined) throw new UsageError("there is no such service for streams");
  return module;
}

/**
 * Reads an order that came from elsewhere.
 *
 * @param data Anything.
 * @returns The order, made anew of checked parts; undefined if it is none.
 */
export function parseOrder(data: unknown): WorkerOrder | undefined {
  if (!isRecord(data)) return undefined;
  const { service, configuration, needs, tls } = data;
  if (typeof service !== "string" || configuration === undefined) return undefined;
  if (!isModuleAddress(service) && !isRecord(configuration)) return undefined;
  if (needs !== undefined && !isCapabilities(needs)) return undefined;
  const source = parseSource(data.source);
  if (source === undefined) return undefined;
  const numbers: Record<string, number> = {};
  for (const name of ["connections", "retireAfter", "idleTimeoutMs", "sessionTimeoutMs"]) {
    const value = data[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value > 0)) return undefined;
    if (Number.isFinite(value)) numbers[name] = value;
  }
  const { proxies } = data;
  if (proxies !== undefined && !isScope(proxies)) return undefined;
  let pair: ServerTls | undefined;
  if (tls !== undefined) {
    if (!isRecord(tls) || typeof tls.cert !== "string" || typeof tls.key !== "string") {
      return undefined;
    }
    pair = { cert: tls.cert, key: tls.key };
  }
  return {
    service,
    configuration,
    source,
    ...numbers,
    ...(needs === undefined ? {} : { needs }),
    ...(Array.isArray(proxies) && { proxies: proxies as string[] }),
    ...(data.quiet === true && { quiet: true }),
    ...(data.telnet === true && { telnet: true }),
    ...(pair === undefined ? {} : { tls: pair }),
  };
}

function parseSource(data: unknown): WorkerSource | undefined {
  if (!isRecord(data)) return undefined;
  switch (data.kind) {
    case "shared": {
      const { descriptor } = data;
      if (descriptor === undefined) return { kind: "shared" };
      return Number.isInteger(descriptor)
        ? { kind: "shared", descriptor: descriptor as number }
        : undefined;
    }
    case "own":
      return parseWritten(data.endpoint) === undefined ? undefined : {
        kind: "own",
        endpoint: data.endpoint as string,
        ...(data.first === true && { first: true }),
      };
    case "relayed":
    case "connection": {
      const [remote, local] = [parseAddress(data.remote), parseAddress(data.local)];
      if (remote === undefined || local === undefined) return undefined;
      return { kind: data.kind, remote, local };
    }
  }
  return undefined;
}

function parseAddress(data: unknown): Address | undefined {
  if (!isRecord(data)) return undefined;
  const { transport, hostname, port, path } = data;
  // A client of a UNIX socket has no name.
  if (transport === "unix" && (path == null || typeof path === "string")) {
    return { transport, path: path ?? "" };
  }
  if (transport !== "tcp" || typeof hostname !== "string" || !Number.isInteger(port)) {
    return undefined;
  }
  return { transport, hostname, port: port as number };
}

/** Reads an endpoint as {@link formatEndpoint} writes it. */
function parseWritten(text: unknown): Endpoint | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const endpoint = parseEndpoint(text);
    return formatEndpoint(endpoint) === text ? endpoint : undefined;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
