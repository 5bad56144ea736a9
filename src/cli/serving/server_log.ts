/**
 * A server's events on standard error: for people, or one JSON object a line.
 *
 * @module
 */

import { jsonLine } from "../../net/internal.ts";
import { escapeControls } from "../../net/mod.ts";
import { isMistake } from "../../servers/internal.ts";
import type { ServerEvent, ServerStatus } from "../../servers/mod.ts";
import type { Context } from "../command/context.ts";

/** Events that `--quiet` shows too. */
const URGENT: ReadonlySet<ServerEvent["kind"]> = new Set(["failed", "refused", "warning"]);

/**
 * Makes the log of a server command.
 *
 * @param context Where it goes: `--quiet` leaves failures and refusals only, `--json` makes objects.
 * @returns Takes events.
 */
export function serverEvents(context: Context): (event: ServerEvent) => void {
  const { quiet, json } = context;
  return (event) => {
    if (quiet && !URGENT.has(event.kind)) return;
    if (event.kind === "listening") return;
    const time = new Date().toISOString();
    const { error, ...reported } = event;
    const text = json ? jsonLine({ time, ...reported }) : `${time} ${formatEvent(event)}`;
    // A server continues if its log is not read any more.
    context.stderr.line(text).catch(() => {});
    if (isMistake(error) && !json) {
      context.stderr.line(escapeControls(error.stack ?? "", { lines: true })).catch(() => {});
    }
  };
}

/**
 * Formats the status of a server.
 *
 * @param status Its status.
 * @param context Where it goes; `--json` makes an object.
 */
export function logStatus(status: ServerStatus, context: Context): void {
  const lines = context.json ? [jsonLine({ status })] : formatStatus(status);
  for (const line of lines) context.stderr.line(line).catch(() => {});
}

function formatStatus(status: ServerStatus): string[] {
  const { service, endpoint, connections, accepted, refused, failed, workers = [] } = status;
  return [
    `${service} on ${endpoint}: ${connections} connections, ${accepted} accepted, ` +
    `${refused} refused, ${failed} failed, ` +
    `${status.received} bytes received, ${status.sent} sent`,
    ...workers.map(({ id, state, connections, accepted, ageMs }) =>
      `  worker ${id} ${state}: ${connections} connections, ${accepted} accepted, ` +
      `${(ageMs / 1000).toFixed(1)} s old`
    ),
  ];
}

/**
 * Writes one event as a line for people.
 *
 * @param event The event.
 * @returns The line, without the time.
 */
export function formatEvent(
  { kind, service, client, text, ms, received, sent }: ServerEvent,
): string {
  const parts = [service, kind, ...(client === undefined ? [] : [client])];
  if (text !== "") parts.push(`(${text})`);
  if (ms !== undefined) {
    parts.push(`${(ms / 1000).toFixed(3)} s, ${received} bytes received, ${sent} sent`);
  }
  return parts.join(" ");
}
