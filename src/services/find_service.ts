/**
 * From a service's name to its module.
 *
 * @module
 */

import { SERVICES } from "./index.ts";
import { type Capabilities, UsageError } from "../net/mod.ts";
import { isModuleAddress, loadModule } from "./_own_module.ts";
import type {
  DatagramService,
  Service,
  ServiceArguments,
  ServiceEntry,
  ServiceModule,
  ServiceOptions,
} from "./core/service.ts";

/** Lists all services with their summaries; none is loaded. */
export function listServices(): readonly ServiceEntry[] {
  return SERVICES;
}

/**
 * Finds and loads a service.
 *
 * @param name Its name, such as `echo`, or the address of a module whose default export is a {@link Service}, a
 *   {@link DatagramService} or a {@link ServiceModule}, such as `import.meta.resolve("./adder.ts")`.
 * @returns The service, or undefined if there is none of that name.
 * @throws {UsageError} If there is no such module, or it exports no service.
 * @throws {TimeoutError} If it is not loaded after half a minute.
 * @throws {CapabilityError} If the module may not be read.
 *
 * @example The assigned port
 * ```ts
 * import { findService } from "@netwright/netwright/services";
 * if ((await findService("daytime"))?.port !== 13) throw new Error("wrong port");
 * ```
 */
export async function findService(name: string): Promise<ServiceModule | undefined> {
  if (isModuleAddress(name)) return await loadModule(name);
  return await SERVICES.find((entry) => entry.name === name)?.load();
}

/** What {@link namedService} and its like take beyond the options. */
export type ServiceSetting = Omit<ServiceArguments, "options">;

/** A service that a Worker or a process can build for itself. */
export interface NamedService {
  /** Its name, or the address of its module. */
  readonly service: string;
  /** The result of the module's `parse`: data that can be posted to Workers, and written as JSON for processes. */
  readonly configuration: unknown;
  /** The capabilities of a module that is named by its address, in a worker that is narrowed; others declare their own. */
  readonly needs?: Capabilities | undefined;
  /** Whether it is served by Telnet, to people who type lines. */
  readonly telnet?: boolean | undefined;
}

/**
 * Configures a service, so that a Worker or a process can build it.
 *
 * @param name Its name, or the address of its module as for {@link findService}.
 * @param options Its options, as the command line has them.
 * @param setting Where it is to listen, its certificate, and what its YAML files hold.
 * @returns Its name and its configuration.
 * @throws {UsageError} If there is no such service, or an option makes no sense.
 *
 * @example A server whose clients have a Worker each
 * ```ts
 * import { namedService } from "@netwright/netwright/services";
 * const { service } = await namedService("echo");
 * if (service !== "echo") throw new Error(service);
 * ```
 */
export async function namedService(
  name: string | URL,
  options: ServiceOptions = {},
  setting: ServiceSetting = {},
): Promise<NamedService> {
  const service = String(name);
  const module = await requireModule(service);
  const configuration = parse(module, options, setting) ?? {};
  if (!isModuleAddress(service)) return { service, configuration };
  return { service, configuration, needs: module.capabilities?.(configuration) ?? {} };
}

/**
 * Builds a service for streams.
 *
 * @param name Its name.
 * @param options Its options, as the command line has them.
 * @param setting Where it is to listen, its certificate, and what its YAML files hold.
 * @returns The service.
 * @throws {UsageError} If there is no such service for streams, or an option makes no sense.
 */
export async function streamService(
  name: string | URL,
  options: ServiceOptions = {},
  setting: ServiceSetting = {},
): Promise<Service> {
  const module = await requireModule(name);
  if (module.stream === undefined) throw new UsageError(`${name} is not defined over TCP`);
  return await module.stream(parse(module, options, setting));
}

/**
 * Builds a service for datagrams.
 *
 * @param name Its name.
 * @param options Its options, as the command line has them.
 * @param setting Where it is to listen, and what its YAML files hold.
 * @returns The service.
 * @throws {UsageError} If there is no such service for datagrams, or an option makes no sense.
 */
export async function datagramService(
  name: string | URL,
  options: ServiceOptions = {},
  setting: ServiceSetting = {},
): Promise<DatagramService> {
  const module = await requireModule(name);
  if (module.datagram === undefined) throw new UsageError(`${name} is not defined over UDP`);
  return await module.datagram(parse(module, options, setting));
}

async function requireModule(name: string | URL): Promise<ServiceModule> {
  const module = await findService(String(name));
  if (module === undefined) {
    throw new UsageError(`unknown service ${JSON.stringify(String(name))}`);
  }
  return module;
}

function parse(module: ServiceModule, options: ServiceOptions, setting: ServiceSetting): unknown {
  return module.parse({ documents: {}, ...setting, options });
}
