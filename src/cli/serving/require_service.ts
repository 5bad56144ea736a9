/**
 * Services by the names that users type.
 *
 * @module
 */

import { findService, listServices, type ServiceModule } from "../../services/mod.ts";
import { unknownName } from "../command/nearest.ts";

/**
 * Loads a service's module.
 *
 * @param name Its name.
 * @returns The module.
 * @throws {UsageError} If there is none, with the name that may have been meant.
 */
export async function requireService(name: string): Promise<ServiceModule> {
  const service = await findService(name);
  if (service !== undefined) return service;
  throw unknownName("service", name, listServices().map((entry) => entry.name));
}
