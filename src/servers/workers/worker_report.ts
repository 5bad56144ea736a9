/**
 * Reports of workers, one JSON object a line. A worker has talked to strangers: its reports are
 * checked, and trusted only about itself.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import type { ServerEvent } from "../core/server.ts";

/** One line of a worker. */
export type WorkerReport =
  /** It accepts; a worker that listens for itself reports its address. */
  | { readonly state: "ready"; readonly endpoint?: string | undefined }
  /** It could not begin to serve. */
  | { readonly state: "unable"; readonly peer?: string | undefined; readonly reason: string }
  /** It accepts no more. */
  | { readonly state: "retiring" }
  /** Something happened to a conversation. */
  | { readonly event: Omit<ServerEvent, "service"> };

const KINDS = ["connected", "disconnected", "refused", "failed", "message"] as const;

/** The log event of a report, if any: a worker that could not begin has failed. */
export function eventOf(report: WorkerReport): Omit<ServerEvent, "service"> | undefined {
  if ("event" in report) return report.event;
  if (report.state !== "unable") return undefined;
  const { peer, reason } = report;
  return { kind: "failed", text: peer === undefined ? reason : `${peer}: ${reason}` };
}

/** Longest text of a report, so that a line is written in one piece. */
export const MAX_REPORT_TEXT = 2000;

/** Writes a report as one line. */
export function formatReport(report: WorkerReport): string {
  return `${JSON.stringify(report)}\n`;
}

/**
 * Reads a line of a worker.
 *
 * @param line Anything, such as a complaint of the runtime.
 * @returns The report; a line that is none becomes a message.
 */
export function parseReport(line: string): WorkerReport {
  return parse(line) ??
    { event: { kind: "message", text: escapeControls(line, { maxLength: MAX_REPORT_TEXT }) } };
}

function parse(line: string): WorkerReport | undefined {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return checkReport(data);
}

/**
 * Validates the report of a worker.
 *
 * @param data Anything.
 * @returns The report, made anew of checked parts; undefined if it is none.
 */
export function checkReport(data: unknown): WorkerReport | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { state, endpoint, event, peer, reason } = data as Record<string, unknown>;
  if (state === "ready") {
    return { state, endpoint: typeof endpoint === "string" ? endpoint : undefined };
  }
  if (state === "retiring") return { state };
  if (state === "unable" && typeof reason === "string") {
    return {
      state,
      reason: escapeControls(reason, { maxLength: MAX_REPORT_TEXT }),
      ...(typeof peer === "string" && { peer: escapeControls(peer, { maxLength: 200 }) }),
    };
  }
  if (typeof event !== "object" || event === null) return undefined;
  const { kind, client, text, ms, received, sent } = event as Record<string, unknown>;
  const known = KINDS.find((name) => name === kind);
  if (known === undefined || typeof text !== "string") return undefined;
  const numbers = Object.entries({ ms, received, sent }).filter(([, value]) =>
    typeof value === "number" && Number.isFinite(value)
  );
  return {
    event: {
      kind: known,
      text: escapeControls(text, { maxLength: MAX_REPORT_TEXT }),
      ...(typeof client === "string" && { client: escapeControls(client, { maxLength: 200 }) }),
      ...Object.fromEntries(numbers),
    },
  };
}
