/**
 * The content of a file that an option names.
 *
 * @module
 */

import { NetwrightError, UsageError } from "../../net/mod.ts";
import type { ServiceArguments } from "./service.ts";

/**
 * Parses the content of a YAML file that an option names, which the launcher has read.
 *
 * @param args The arguments of the service.
 * @param option The option's name.
 * @param parse Makes a value of the content.
 * @returns The value; undefined if the option is absent, or its file is not read yet.
 * @throws {UsageError} If the content makes no sense; the message names the file.
 */
export function fromDocument<T>(
  { options, documents }: Pick<ServiceArguments, "options" | "documents">,
  option: string,
  parse: (content: unknown) => T,
): T | undefined {
  const file = options[option];
  if (file === undefined || documents === undefined) return undefined;
  try {
    return parse(documents[option]);
  } catch (error) {
    if (!(error instanceof NetwrightError)) throw error;
    throw new UsageError(`${file}: ${error.reason}`, { cause: error });
  }
}
