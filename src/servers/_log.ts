/**
 * The log of one server: events, and errors told in one clean line.
 *
 * @module
 */

import { cleanText, NetwrightError } from "../net/mod.ts";
import type { ServerEvent } from "./server.ts";

/** Takes an event without the service's name. */
export type Log = (event: Omit<ServerEvent, "service">) => void;

/**
 * Gives events the service's name.
 *
 * @param service The name.
 * @param sink Where events go; nowhere if absent.
 * @returns Takes events.
 */
export function serverLog(service: string, sink: ((event: ServerEvent) => void) | undefined): Log {
  return sink === undefined ? () => {} : (event) => sink({ service, ...event });
}

/**
 * Tells an error in one line that is safe to show.
 *
 * @param error What was thrown.
 * @returns The line.
 */
export function tellError(error: unknown): string {
  const text = error instanceof NetwrightError
    ? error.reason
    : error instanceof Error
    ? `${error.name}: ${error.message}`
    : String(error);
  return cleanText(text, { maxLength: 500 });
}
