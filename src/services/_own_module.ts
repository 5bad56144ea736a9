/**
 * Services of one's own: modules that are named by their addresses.
 *
 * @module
 */

import {
  type Capabilities,
  CapabilityError,
  Deadline,
  escapeControls,
  TimeoutError,
  UsageError,
} from "../net/mod.ts";
import type { DatagramService, Service, ServiceModule } from "./core/service.ts";

/**
 * Checks whether a service is named by the address of a module.
 *
 * @param name The name of a service, or an address such as `file:///srv/adder.ts`.
 * @returns Whether it is an address.
 */
export function isModuleAddress(name: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(name);
}

/**
 * The name of a service as logs have it.
 *
 * @param name The name of a service, or the address of a module.
 * @returns The name, or that of the module's file without its folder and suffix.
 */
export function shortName(name: string): string {
  if (!isModuleAddress(name)) return name;
  if (/^data:/i.test(name)) return "service";
  const file = name.replace(/[?#].*$/s, "").split("/").at(-1)!.replace(/\.[cm]?[jt]sx?$/, "");
  return escapeControls(decoded(file), { maxLength: 80 });
}

/** A part of an address as its author wrote it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The capabilities for loading a module: to read a file. Its imports are for the user to allow.
 *
 * @param address Its address.
 * @returns The scope.
 */
export function moduleScope(address: string): Capabilities {
  const { protocol, pathname } = new URL(address);
  return protocol === "file:" ? { read: [decodeURIComponent(pathname)] } : {};
}

/** A module that waits for its own end, by its `await` at top level, would never be there. */
const LOADING_MS = 30_000;

/**
 * Loads a module whose default export is a service.
 *
 * @param address Its address.
 * @returns The module, with defaults for absent members.
 * @throws {CapabilityError} If it, or a file that it imports, may not be read.
 * @throws {TimeoutError} If it is not loaded after half a minute, because it waits for its own end.
 * @throws {UsageError} If there is no such module, it fails while it is loaded, or it exports no service.
 */
export async function loadModule(address: string): Promise<ServiceModule> {
  const name = shortName(address);
  let exported: { readonly default?: unknown };
  try {
    using deadline = new Deadline({ timeoutMs: LOADING_MS }, { operation: `load ${name}` });
    exported = await deadline.wait(import(address), () => {});
  } catch (error) {
    if (error instanceof TimeoutError) throw error;
    throw loadingFailed(name, error);
  }
  const module = toServiceModule(exported.default);
  if (module !== undefined) return module;
  throw new UsageError(`the default export of ${name} is not a service`, {
    hint: "it is an object with a name and handle(connection, context), or a ServiceModule",
  });
}

function loadingFailed(name: string, error: unknown): UsageError | CapabilityError {
  const message = error instanceof Error ? error.message : String(error);
  // deno-lint-ignore no-control-regex -- the runtime colours where it was imported
  const text = message.replaceAll(/\x1b\[[\d;]*m/g, "").replace(/\n[\s\S]*$/, "")
    // A module that is loaded again has a number behind its address.
    .replaceAll(/(\.[cm]?[jt]sx?)\?\d+/g, "$1");
  const [, kind, scope] = /^Requires (read) access to "?([^",]+)"?/.exec(text) ?? [];
  if (kind !== undefined) {
    const flag = `--allow-${kind}=${scope}`;
    const reason = `${name} cannot be loaded: it may not ${kind} ${scope}`;
    return new CapabilityError(reason, { flag, hint: `add ${flag}`, cause: error });
  }
  const reason = `${name} cannot be loaded: ${escapeControls(text, { maxLength: 500 })}`;
  const hint = /prefixed|jsr:|npm:|https?:|JSR package/.test(message)
    ? "bundle it with its imports into one file: deno bundle"
    : undefined;
  return new UsageError(reason, { hint, cause: error });
}

/** The exports that are accepted: a service for streams, for datagrams or both, or a whole module as the command line has. */
function toServiceModule(exported: unknown): ServiceModule | undefined {
  if (typeof exported !== "object" || exported === null) return undefined;
  const given = exported as Partial<ServiceModule & Service & DatagramService>;
  if (typeof given.name !== "string" || given.name.trim() === "") return undefined;
  const common = { summary: "", port: 0, parse: optionsAsTheyAre, ...given };
  const service = {
    ...(common as ServiceModule),
    name: escapeControls(given.name, { maxLength: 80 }),
  };
  if (typeof given.stream === "function" || typeof given.datagram === "function") {
    return typeof common.parse === "function" ? service : undefined;
  }
  if (typeof given.handle !== "function" && typeof given.reply !== "function") return undefined;
  return {
    ...service,
    ...(given.handle && { stream: () => exported as Service }),
    ...(given.reply && { datagram: () => exported as DatagramService }),
  };
}

function optionsAsTheyAre({ options }: Parameters<ServiceModule["parse"]>[0]): unknown {
  return options;
}
