/**
 * From a service's name to its module.
 *
 * @module
 */

import { SERVICES } from "./index.ts";
import type { ServiceEntry, ServiceModule } from "./core/service.ts";

/** Lists all services with their summaries; none is loaded. */
export function listServices(): readonly ServiceEntry[] {
  return SERVICES;
}

/**
 * Finds and loads a service.
 *
 * @param name Its name, such as `echo`.
 * @returns The service, or undefined if there is none.
 *
 * @example The assigned port
 * ```ts
 * import { findService } from "@netwright/netwright/services";
 * if ((await findService("daytime"))?.port !== 13) throw new Error("wrong port");
 * ```
 */
export async function findService(name: string): Promise<ServiceModule | undefined> {
  return await SERVICES.find((entry) => entry.name === name)?.load();
}
