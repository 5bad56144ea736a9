/**
 * The log of one server: events, and errors in one clean line.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { escapeControls, NetwrightError } from "../../net/mod.ts";
import type { ServerEvent } from "./server.ts";

/** Takes an event without the service's name. */
export type Log = (event: Omit<ServerEvent, "service">) => void;

/**
 * Gives events the service's name.
 *
 * @param service The name.
 * @param sink Where events go. If it is absent, mistakes in the service go to standard error with their stack.
 * @returns Takes events.
 */
export function serverLog(service: string, sink: ((event: ServerEvent) => void) | undefined): Log {
  if (sink !== undefined) return (event) => sink({ service, ...event });
  return ({ error }) => {
    if (isMistake(error)) console.error(`${service}:`, error);
  };
}

/**
 * Checks whether an error is a programming error in a service.
 *
 * @param error The thrown value.
 * @returns Whether it is neither a NetwrightError nor a system error.
 */
export function isMistake(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof NetwrightError) &&
    !Object.values(Deno.errors).some((type) => error instanceof type);
}

/**
 * Formats an error as one line that is safe to show.
 *
 * @param error The thrown value.
 * @returns The line.
 */
export function reportError(error: unknown): string {
  // Errors of the system are described in our own words, without their numbers.
  const known = toFileError(error, { operation: "serve" });
  const text = known instanceof NetwrightError
    ? known.reason
    : known instanceof Error
    ? `${known.name}: ${known.message}`
    : printable(known);
  return escapeControls(text, { maxLength: 500 });
}

/** A service may throw anything, such as an object that cannot be converted to text. */
function printable(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `a value that is not printable was thrown`;
  }
}
