/**
 * The access log of a web server, in the formats that other programs read.
 *
 * @module
 */

import { jsonLine } from "../../net/internal.ts";
import { escapeControls } from "../../net/mod.ts";
import type { AccessRecord } from "../../protocols/http/mod.ts";

/** `combined` is what Apache and nginx write, `json` has one object a line. */
export type AccessLogFormat = "combined" | "json";

/** The formats. */
export const ACCESS_LOG_FORMATS: readonly AccessLogFormat[] = ["combined", "json"];

/** A request that was answered, and whose it was. */
export interface AccessEntry extends AccessRecord {
  /** The client's address. */
  readonly client: string;
  /** When it was answered. */
  readonly time: Date;
}

/** Longest text of a client in one line, in characters. */
const MAX_TEXT = 1000;
/**
 * Formats one line.
 *
 * @param entry What happened.
 * @param format How.
 * @returns The line without its end; whatever the client sent cannot end it, or a field of it.
 */
export function formatAccess(entry: AccessEntry, format: AccessLogFormat): string {
  const { client, time, head, status, bodyBytes } = entry;
  const version = head === undefined || head.modern ? "1.1" : "1.0";
  const referer = head?.headers.get("referer");
  const agent = head?.headers.get("user-agent");
  if (format === "json") {
    return jsonLine({
      time: time.toISOString(),
      client,
      method: head?.method,
      target: head?.target,
      version: head && version,
      host: head?.host,
      status,
      bytes: bodyBytes,
      referer,
      agent,
    });
  }
  const request = head === undefined ? "-" : `${head.method} ${head.target} HTTP/${version}`;
  const quoted = `"${quote(referer ?? "-")}" "${quote(agent ?? "-")}"`;
  return `${client} - - [${clfTime(time)}] "${quote(request)}" ${status} ${bodyBytes} ${quoted}`;
}

/** Most texts have nothing to be escaped. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function quote(text: string): string {
  if (text.length <= MAX_TEXT && PLAIN.test(text)) return text;
  return escapeControls(text.replace(/["\\]/g, "\\$&"), { maxLength: MAX_TEXT });
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

let lastSecond = NaN;
let lastText = "";

/** `10/Oct/2000:13:55:36 +0000`: always UTC, whatever the host's zone; formatted once a second. */
function clfTime(time: Date): string {
  const second = Math.floor(time.getTime() / 1000);
  if (second !== lastSecond) {
    lastText = formatClf(time);
    lastSecond = second;
  }
  return lastText;
}

function formatClf(time: Date): string {
  const [date = "", clock = ""] = time.toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock.slice(0, 8)} +0000`;
}
