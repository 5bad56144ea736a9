/**
 * A collected message as one line.
 *
 * @module
 */

import { jsonLine } from "../../net/internal.ts";
import { escapeControls } from "../../net/mod.ts";
import { formatPriority, type SyslogMessage } from "../../protocols/syslog/mod.ts";
import { FACILITIES, SEVERITIES } from "../../reference/internal.ts";

/** How messages are written: for people, as JSON, or as they came. */
export type LineForm = "text" | "json" | "raw";

/** A message, and what is known beside it. */
export interface CollectedMessage {
  /** The message. */
  readonly message: SyslogMessage;
  /** The address of who sent it; empty if it has none. */
  readonly from: string;
  /** When it came. */
  readonly received: Date;
  /** Whether it was longer than allowed, and is cut off. */
  readonly isTruncated: boolean;
}

/**
 * Writes a message.
 *
 * @param collected The message.
 * @param form How.
 * @returns The line without its end: no message can look like two.
 */
export function formatLine(collected: CollectedMessage, form: LineForm): string {
  const { message, from, received, isTruncated } = collected;
  if (form === "raw") return escapeControls(new TextDecoder().decode(message.raw));
  const { timestamp, hostname, appName, procId, msgId, structuredData, text } = message;
  if (form === "json") {
    return jsonLine({
      received: received.toISOString(),
      from: from === "" ? undefined : from,
      facility: FACILITIES[message.facility],
      severity: SEVERITIES[message.severity],
      timestamp: timestamp?.toISOString(),
      written: message.writtenTimestamp,
      host: hostname,
      app: appName,
      process: procId,
      id: msgId,
      data: structuredData === undefined || structuredData.length === 0
        ? undefined
        : structuredData.map(({ id, parameters }) => ({ id, parameters })),
      text,
      form: message.form,
      truncated: isTruncated ? true : undefined,
      // What is not understood is there as it came.
      raw: message.form === "unknown" ? new TextDecoder().decode(message.raw) : undefined,
    });
  }
  const time = (timestamp ?? received).toISOString();
  const host = hostname ?? (from === "" ? "localhost" : from);
  const program = appName === undefined
    ? "-"
    : procId === undefined
    ? appName
    : `${appName}[${procId}]`;
  const end = isTruncated ? " …" : "";
  return escapeControls(`${time} ${host} ${program} ${formatPriority(message)}: ${text}${end}`);
}
