/**
 * The values of a service's options.
 *
 * @module
 */

import { parseByteAmount } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { ServiceOptions } from "./service.ts";

/**
 * Reads an option that is a size.
 *
 * @param options All options.
 * @param name The name of the option.
 * @returns The size in bytes; undefined if the option was not given.
 * @throws {UsageError} If it is not a size.
 */
export function byteAmount(options: ServiceOptions, name: string): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const bytes = parseByteAmount(text);
  if (bytes === undefined || bytes === 0) {
    throw new UsageError(`--${name} must be a size, such as 25MiB`);
  }
  return bytes;
}
