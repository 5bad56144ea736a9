/**
 * Messages of syslog as they come: RFC 5424, RFC 3164, and the forms that devices send.
 *
 * @module
 */

import { toByteString } from "../../../net/internal.ts";
import type { StructuredElement, SyslogMessage } from "./syslog_message.ts";
import { findTimestamp } from "./timestamps.ts";

/** How messages are read. */
export interface ParseSyslogOptions {
  /** The time now, for timestamps without a year. @default {the system's} */
  readonly now?: Date | undefined;
}

/** Priority of messages without one (RFC 3164 §4.3.3). */
const DEFAULT_PRIORITY = 13;
/** Longest fields (RFC 5424 §6): longer ones are not what they look like. */
const MAX_HOSTNAME = 255;
const MAX_TAG = 128;

/**
 * Parses a message. Nothing is lost: what is not understood is part of the text.
 *
 * @param raw The message.
 * @param options The time.
 * @returns The parts.
 *
 * @example RFC 3164's first example
 * ```ts
 * import { parseSyslog } from "@netwright/netwright/syslog";
 * const line = "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8";
 * const { hostname, appName } = parseSyslog(new TextEncoder().encode(line));
 * if (hostname !== "mymachine" || appName !== "su") throw new Error(`${hostname} ${appName}`);
 * ```
 */
export function parseSyslog(raw: Uint8Array, options: ParseSyslogOptions = {}): SyslogMessage {
  const text = textOf(raw);
  const [head = "", digits = ""] = /^<(\d{1,3})>/.exec(text) ?? [];
  const hasPriority = head !== "" && Number(digits) <= 191;
  const priority = hasPriority ? Number(digits) : DEFAULT_PRIORITY;
  const base = { facility: priority >> 3, severity: priority & 7, hasPriority, raw };
  const begin = hasPriority ? head.length : 0;
  const now = options.now ?? new Date();
  return {
    ...base,
    ...(hasPriority ? parse5424(text, begin, now) : undefined) ?? parse3164(text, begin, now),
  };
}

type Parts = Omit<SyslogMessage, "facility" | "severity" | "hasPriority" | "raw">;

const HEADER = /1 (\S+) (\S+) (\S+) (\S+) (\S+) /y;

function parse5424(text: string, begin: number, now: Date): Parts | undefined {
  HEADER.lastIndex = begin;
  // Without a text, the structured data may end the message.
  const header = HEADER.exec(text);
  if (header === null) return undefined;
  const [all, written = "-", hostname, appName, procId, msgId] = header;
  const timestamp = written === "-" ? undefined : findTimestamp(written, 0, now);
  if (written !== "-" && timestamp?.length !== written.length) return undefined;
  const data = parseStructuredData(text, begin + all.length);
  if (data === undefined) return undefined;
  return {
    form: "rfc5424",
    timestamp: timestamp?.time,
    writtenTimestamp: timestamp?.written,
    hostname: valueOf(hostname),
    appName: valueOf(appName),
    procId: valueOf(procId),
    msgId: valueOf(msgId),
    structuredData: data.elements,
    text: text.slice(data.end).replace(/^ /, "").replace(/^\ufeff/, ""),
  };
}

/** `-` stands for nothing. */
function valueOf(field: string | undefined): string | undefined {
  return field === "-" ? undefined : field;
}

const ELEMENT = /\[([^\s=\]"]{1,64})/y;
const PARAMETER = / +([^\s=\]"]{1,64})="((?:[^"\\]|\\[^])*)"/y;

function parseStructuredData(
  text: string,
  begin: number,
): { readonly elements: readonly StructuredElement[]; readonly end: number } | undefined {
  const elements: StructuredElement[] = [];
  if (text.charAt(begin) === "-") {
    const isAlone = begin + 1 === text.length || text.charAt(begin + 1) === " ";
    return isAlone ? { elements, end: begin + 1 } : undefined;
  }
  let at = begin;
  while (text.charAt(at) === "[") {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(text);
    if (element === null) return undefined;
    at += element[0].length;
    const parameters: (readonly [string, string])[] = [];
    while (true) {
      PARAMETER.lastIndex = at;
      const parameter = PARAMETER.exec(text);
      if (parameter === null) break;
      const [all, name = "", value = ""] = parameter;
      // A backslash before anything else is one (RFC 5424 §6.3.3).
      parameters.push([name, value.replace(/\\(["\\\]])/g, "$1")]);
      at += all.length;
    }
    while (text.charAt(at) === " ") at++;
    if (text.charAt(at) !== "]") return undefined;
    at++;
    elements.push({ id: element[1]!, parameters });
  }
  return elements.length === 0 ? undefined : { elements, end: at };
}

/** Numbers that devices of Cisco put before the timestamp, and the name of the device. */
const SEQUENCE = / ?(?:\d{1,10}: )(?:([\w.-]{1,255}): (?=[*.+]?[A-Z][a-z]{2} ))?/y;
const WORD = /(\S+) +/y;
const TAG = /([^\s:[\]]{1,128})(?:\[([^\]\s]{1,128})\])?(: ?| (?=\[)|$)/y;
/** `%ASA-6-302013: text`. */
const CISCO = /(?:: )?%([A-Z][\w-]*?)-(\d)-(\w+): ?/y;

function parse3164(text: string, begin: number, now: Date): Parts {
  let at = begin;
  let hostname: string | undefined;
  SEQUENCE.lastIndex = at;
  const sequence = SEQUENCE.exec(text);
  if (sequence !== null) {
    at += sequence[0].length;
    hostname = sequence[1];
  }
  while (text.charAt(at) === " ") at++;
  // A clock that is not synchronised.
  const isMarked = /[*.+]/.test(text.charAt(at));
  const timestamp = findTimestamp(text, isMarked ? at + 1 : at, now);
  if (timestamp === undefined) {
    return { form: "unknown", ...tagAt(text, begin), timestamp: undefined };
  }
  at += timestamp.length + (isMarked ? 1 : 0);
  if (text.charAt(at) === ":") at++;
  while (text.charAt(at) === " ") at++;
  if (hostname === undefined && sequence === null) {
    WORD.lastIndex = at;
    const [all = "", word = ""] = WORD.exec(text) ?? [];
    const isHost = word !== "" && word.length <= MAX_HOSTNAME && !/[[\]"'%=,]/.test(word) &&
      (!word.endsWith(":") || /^[\da-f:]+::?[\da-f]*:$/i.test(word));
    if (isHost) {
      hostname = word;
      at += all.length;
    }
  }
  return {
    form: "rfc3164",
    timestamp: timestamp.time,
    writtenTimestamp: timestamp.written,
    hostname,
    ...tagAt(text, at),
  };
}

/** Program and process at the beginning of a text. */
function tagAt(
  text: string,
  at: number,
): Pick<SyslogMessage, "appName" | "procId" | "msgId" | "text"> {
  CISCO.lastIndex = at;
  const cisco = CISCO.exec(text);
  if (cisco !== null) {
    const [all, facility, severity, mnemonic] = cisco;
    return {
      appName: `%${facility}`,
      msgId: `${facility}-${severity}-${mnemonic}`,
      text: text.slice(at + all.length),
    };
  }
  TAG.lastIndex = at;
  const tag = TAG.exec(text);
  const [all = "", appName = "", procId, end = ""] = tag ?? [];
  const isTag = tag !== null && appName.length <= MAX_TAG &&
    (end.startsWith(":") || procId !== undefined);
  return isTag ? { appName, procId, text: text.slice(at + all.length) } : { text: text.slice(at) };
}

/** UTF-8 if it is that, else a character for each byte. */
function textOf(raw: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return toByteString(raw);
  }
}
