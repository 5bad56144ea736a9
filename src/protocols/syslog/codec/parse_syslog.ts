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

const HEADER = /(\S+) (\S+) (\S+) (\S+) (\S+) /y;

function parse5424(text: string, begin: number, now: Date): Parts | undefined {
  if (!text.startsWith("1 ", begin)) return undefined;
  HEADER.lastIndex = begin + 2;
  // Without a text, the structured data may end the message.
  const header = HEADER.exec(text);
  if (header === null) return undefined;
  const [all, written = "-", hostname, appName, procId, msgId] = header;
  const timestamp = written === "-" ? undefined : findTimestamp(written, 0, now);
  if (written !== "-" && timestamp?.length !== written.length) return undefined;
  const data = parseStructuredData(text, begin + 2 + all.length);
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
    text: textBehind(text, data.end),
  };
}

function textBehind(text: string, end: number): string {
  return text.slice(end).replace(/^ /, "").replace(/^\ufeff/, "");
}

/** `-` stands for nothing. */
function valueOf(field: string | undefined): string | undefined {
  return field === "-" ? undefined : field;
}

const ELEMENT = /\[([^\s=\]"]{1,64})/y;
const NAME = / +([^\s=\]"]{1,64})="/y;

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
      const named = matchAt(NAME, text, at);
      if (named === null) break;
      const begin = at + named[0].length;
      const end = endOfValue(text, begin);
      if (end === undefined) return undefined;
      // A backslash before anything else is one (RFC 5424 §6.3.3).
      const value = text.slice(begin, end).replace(/\\(["\\\]])/g, "$1");
      parameters.push([named[1]!, value]);
      at = end + 1;
    }
    while (text.charAt(at) === " ") at++;
    if (text.charAt(at) !== "]") return undefined;
    at++;
    elements.push({ id: element[1]!, parameters });
  }
  return elements.length === 0 ? undefined : { elements, end: at };
}

/** Where the quotation mark at the end of a value is; undefined if there is none. */
function endOfValue(text: string, begin: number): number | undefined {
  for (let at = begin; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\") at++;
    else if (char === '"') return at;
  }
  return undefined;
}

/**
 * What devices of Cisco put before the timestamp: a number, their name, another number, a process, the mark of a clock that is not
 * synchronised.
 */
const PREFIX =
  /[ :]*(?:\d{1,10}:(?: |(?=[*.A-Z])))?(?:([A-Za-z][\w.-]{0,254})(?:: | (?=[A-Z]\w*\/)))?(?:[A-Z]\w*\/[\w\/]{1,40}:)?(?:\d{1,10}: )?(?:\*\w{1,40}: )?[*.+]?(?=[\dA-Z])/y;
/** Time since the start of a device without a clock. */
const UPTIME = /(?:\d{1,4}:\d{2}:\d{2}|\d{1,3}[ywd]\d{1,2}[wdh])(?:\.\d{1,6})?: ?/y;
const WORD = /(\S+)(?: +|$)/y;
/** Program, process, message and structured data of RFC 5424, in messages that lack its version. */
const FIELDS = /([^\s:]{1,48}) (-|\d{1,10}) (\S{1,32}) (?=[-[])/y;
const TAG = /([^\s:[\],=|"{}]{1,128})(?:\[([^\]\s]{1,128})\])?(: ?| (?=\[)|$)/y;
/** `%ASA-6-302013: text`, `%MODULE-5-MOD_OK : text`, `%LOG-2-SYSTEM_MSG text`. */
const CISCO = /(?:: )?%([A-Z][\w-]*?)-(\d)-(\w+)(?: ?: ?| )/y;
/** Records that begin with their own name, which belongs to them. */
const RECORD = /(?:CEF|LEEF): ?\d/y;
/** The severity, as devices of F5 write it before the program. */
const SEVERITY_WORD =
  /(?:emerg|alert|crit|err|error|warning|warn|notice|info|debug) (?=[^\s:[\]]{1,128}\[)/y;
/** The number of an event before the program, as switches of HPE write it. */
const EVENT_NUMBER = /(\d{5}) +(?=[\w.-]{1,40}: )/y;

/** Matches at a place. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function parse3164(text: string, begin: number, now: Date): Parts {
  // Some write the version of RFC 5424 before the older form.
  let at = text.startsWith("1 ", begin) ? begin + 2 : begin;
  while (text.charAt(at) === " ") at++;
  let hostname: string | undefined;
  let timestamp = findTimestamp(text, at, now);
  if (timestamp === undefined) {
    const prefix = matchAt(PREFIX, text, at);
    const behind = at + (prefix?.[0].length ?? 0);
    timestamp = prefix === null ? undefined : findTimestamp(text, behind, now);
    const uptime = timestamp === undefined ? matchAt(UPTIME, text, behind) : null;
    if (timestamp === undefined && uptime === null) {
      return { form: "unknown", ...tagAt(text, begin), timestamp: undefined };
    }
    hostname = prefix?.[1];
    at = behind;
    if (uptime !== null) {
      return { form: "rfc3164", hostname, ...tagAt(text, at + uptime[0].length) };
    }
  }
  at += timestamp!.length;
  const isEnded = text.startsWith(":", at) || text.startsWith(" :", at);
  while (text.charAt(at) === ":" || text.charAt(at) === " ") at++;
  if (hostname === undefined && !isEnded) {
    const [all = "", word = ""] = matchAt(WORD, text, at) ?? [];
    if (isHost(word, text, at + all.length)) {
      hostname = word.replace(/(?<!:):$/, "");
      at += all.length;
    }
  }
  const parts = {
    timestamp: timestamp!.time,
    writtenTimestamp: timestamp!.written,
    hostname: hostname === "-" ? undefined : hostname,
  };
  const newer = timestamp!.written.startsWith("2") ? fieldsAt(text, at) : undefined;
  if (newer !== undefined) return { form: "rfc5424", ...parts, ...newer };
  return { form: "rfc3164", ...parts, ...tagAt(text, at) };
}

/** Whether a word is the name or address of a host, and not the tag or the text. */
function isHost(word: string, text: string, behind: number): boolean {
  if (word === "" || word.length > MAX_HOSTNAME || /[[\]"'%=,|{}()]/.test(word)) return false;
  if (!word.endsWith(":")) return true;
  const isAddress = /^[\da-f:]+::?[\da-f]*:$/i.test(word);
  return isAddress || (text.charAt(behind) === "%" && word.includes("."));
}

/** The fields of RFC 5424 behind the host. */
function fieldsAt(
  text: string,
  at: number,
): Partial<Parts> & { readonly text: string } | undefined {
  const fields = matchAt(FIELDS, text, at);
  if (fields === null) return undefined;
  const [all, appName, procId, msgId] = fields;
  const data = parseStructuredData(text, at + all.length);
  if (data === undefined) return undefined;
  return {
    appName: valueOf(appName),
    procId: valueOf(procId),
    msgId: valueOf(msgId),
    structuredData: data.elements,
    text: textBehind(text, data.end),
  };
}

/** Program and process at the beginning of a text. */
function tagAt(
  text: string,
  begin: number,
): Pick<SyslogMessage, "appName" | "procId" | "msgId" | "text"> {
  if (matchAt(RECORD, text, begin) !== null) return { text: text.slice(begin) };
  const number = matchAt(EVENT_NUMBER, text, begin);
  const at = begin +
    (number?.[0].length ?? matchAt(SEVERITY_WORD, text, begin)?.[0].length ?? 0);
  const cisco = matchAt(CISCO, text, at);
  if (cisco !== null) {
    const [all, facility, severity, mnemonic] = cisco;
    return {
      appName: `%${facility}`,
      msgId: `${facility}-${severity}-${mnemonic}`,
      text: text.slice(at + all.length),
    };
  }
  const tag = matchAt(TAG, text, at);
  const [all = "", appName = "", procId, end = ""] = tag ?? [];
  const isTag = tag !== null && appName.length <= MAX_TAG &&
    (end.startsWith(":") || procId !== undefined);
  if (!isTag) return { text: text.slice(begin) };
  const behind = at + all.length;
  // Processes of routers name the message too.
  const mnemonic = matchAt(CISCO, text, behind);
  return {
    appName,
    procId: procId === "-" ? undefined : procId,
    msgId: mnemonic === null ? number?.[1] : mnemonic.slice(1, 4).join("-"),
    text: text.slice(behind + (mnemonic?.[0].length ?? 0)),
  };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 if it is that, else a character for each byte. */
function textOf(raw: Uint8Array): string {
  try {
    return UTF8.decode(raw);
  } catch {
    return toByteString(raw);
  }
}
