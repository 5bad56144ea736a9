/**
 * Messages of syslog as they are sent.
 *
 * @module
 */

import type { SyslogContent } from "./syslog_message.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Formats a message of RFC 5424. What a field cannot hold is replaced: nothing that a peer wrote can begin another field.
 *
 * @param content The message.
 * @returns The bytes; the text begins with a byte order mark if it has other characters than ASCII (RFC 5424 §6.4).
 *
 * @example One message
 * ```ts
 * import { formatRfc5424 } from "@netwright/netwright/syslog";
 * const bytes = formatRfc5424({ facility: 4, severity: 2, hostname: "a.example", text: "full" });
 * if (new TextDecoder().decode(bytes) !== "<34>1 - a.example - - - - full") throw new Error("wrong");
 * ```
 */
export function formatRfc5424(content: SyslogContent): Uint8Array<ArrayBuffer> {
  const { timestamp, hostname, appName, procId, msgId, structuredData = [] } = content;
  const elements = structuredData.map(({ id, parameters }) =>
    `[${
      [name(id), ...parameters.map(([key, value]) => `${name(key)}="${escape(value)}"`)].join(" ")
    }]`
  );
  const head = [
    `<${priorityOf(content)}>1`,
    timestamp?.toISOString() ?? "-",
    field(hostname, 255),
    field(appName, 48),
    field(procId, 128),
    field(msgId, 32),
    elements.length === 0 ? "-" : elements.join(""),
  ].join(" ");
  const text = withoutControls(content.text);
  if (text === "") return new TextEncoder().encode(head);
  // deno-lint-ignore no-control-regex -- all of ASCII
  const mark = /^[\0-\x7f]*$/.test(text) ? "" : "\ufeff";
  return new TextEncoder().encode(`${head} ${mark}${text}`);
}

/**
 * Formats a message of RFC 3164, with the local time and no more than a second's precision.
 *
 * @param content The message; structured data and the kind of message have no place.
 * @returns The bytes.
 */
export function formatRfc3164(content: SyslogContent): Uint8Array<ArrayBuffer> {
  const { timestamp = new Date(), hostname, appName = "-", procId, text } = content;
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = String(timestamp.getDate()).padStart(2, " ");
  const time = [timestamp.getHours(), timestamp.getMinutes(), timestamp.getSeconds()].map(two);
  const process = procId === undefined ? "" : `[${field(procId, 128).replace(/[[\]]/g, "_")}]`;
  const tag = field(appName, 48).replace(/[:[\]]/g, "_");
  return new TextEncoder().encode(
    `<${priorityOf(content)}>${MONTHS[timestamp.getMonth()]} ${day} ${time.join(":")} ` +
      // Local sockets know the host: their messages have none.
      `${hostname === undefined ? "" : `${field(hostname, 255)} `}${tag}${process}: ` +
      withoutControls(text),
  );
}

function priorityOf({ facility, severity }: SyslogContent): number {
  const isValid = Number.isInteger(facility) && Number.isInteger(severity) &&
    facility >= 0 && facility <= 23 && severity >= 0 && severity <= 7;
  if (!isValid) throw new RangeError(`${facility}.${severity} is not a priority`);
  return facility * 8 + severity;
}

/** A field of the header: printable ASCII without spaces. */
function field(text: string | undefined, most: number): string {
  if (text === undefined || text === "") return "-";
  return text.replace(/[^\x21-\x7e]/g, "_").slice(0, most);
}

/** A name of structured data. */
function name(text: string): string {
  return text.replace(/[^\x21-\x7e]|[=\]"]/g, "_").slice(0, 32) || "_";
}

function escape(value: string): string {
  return withoutControls(value.toWellFormed()).replace(/["\\\]]/g, "\\$&");
}

/** Controls as `#010`, as collectors write them: no message can look like two. */
function withoutControls(text: string): string {
  return text.toWellFormed().replace(
    // deno-lint-ignore no-control-regex -- all controls
    /[\0-\x08\x0a-\x1f\x7f-\x9f]/g,
    (control) => `#${control.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}
