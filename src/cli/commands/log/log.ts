/**
 * `netwright log`: sends messages of syslog (14.1 of the book's list).
 *
 * @module
 */

import { parseSyslogTarget, type SyslogTarget, union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import { findFacility, findSeverity } from "../../../reference/internal.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { CONNECTION_OPTIONS, TRUST_OPTIONS } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";
import {
  ownSocket,
  syslogBroker,
  syslogCapabilities,
  withoutLinks,
} from "../../logging/syslog_socket.ts";

/** The collector, and what is said. */
export interface LogPlan extends ConnectionPlan {
  /** Where messages go. */
  readonly target: SyslogTarget;
  /** The file of our own socket. */
  readonly local: string | undefined;
  /** The message; each line of standard input is one if absent. */
  readonly text: string | undefined;
  /** Number of the facility, and of the severity. */
  readonly facility: number;
  readonly severity: number;
  /** Fields of the header; undefined where the message has none. */
  readonly hostname: string | undefined;
  readonly tag: string;
  readonly process: string | undefined;
  readonly messageId: string | undefined;
  /** Structured data: identifiers with names and values. */
  readonly data: readonly StructuredOption[];
  /** Form and division of messages. */
  readonly format: "rfc5424" | "rfc3164";
  readonly framing: "octets" | "lines";
  /** Maximum size of a message, in bytes. */
  readonly maxBytes: number;
}

/** One element of structured data. */
export interface StructuredOption {
  /** Its identifier. */
  readonly id: string;
  /** Names and values. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** The usual socket of a system's own daemon. */
const DEFAULT_TARGET = Deno.build.os === "darwin" ? "unix:/var/run/syslog" : "unix:/dev/log";

/** The command. */
export const command: Command<LogPlan> = {
  name: "log",
  summary: "send messages of syslog (RFC 5424, 3164)",
  operands: "[MESSAGE…]",
  count: { min: 0 },
  examples: [
    "log -p mail.err -t backup disk is full",
    "log --to tls://logs.example.org --data 'job@32473 id=7' done",
    "log --to udp://127.0.0.1:5514 < FILE",
  ],
  details: "Without MESSAGE each line of standard input is one.",
  options: {
    to: {
      value: "TARGET",
      help: "unix:PATH, udp://HOST, tcp://HOST, tls://HOST (default unix:/dev/log)",
    },
    priority: { short: "p", value: "NAME", help: "FACILITY.SEVERITY (default user.notice)" },
    tag: { short: "t", value: "NAME", help: "the program's name (default netwright)" },
    id: { short: "i", help: "with the number of our process" },
    process: { value: "ID", rare: true, help: "with this number of a process" },
    msgid: { value: "NAME", help: "the kind of message (RFC 5424)" },
    data: {
      value: "'ID NAME=VALUE…'",
      many: true,
      help: "structured data (RFC 5424)",
    },
    host: { value: "NAME", rare: true, help: "the sender's name (default this host's)" },
    form: {
      value: "FORM",
      choices: ["rfc5424", "rfc3164"],
      help: "default rfc5424; of a UNIX socket rfc3164",
    },
    lines: { rare: true, help: "over TCP, end messages with LF instead of counting them" },
    "max-size": { value: "SIZE", rare: true, help: "refuse longer messages (default 8KiB)" },
    socket: { value: "PATH", rare: true, help: "our own UNIX socket (default in /tmp)" },
    ...Object.fromEntries(
      Object.entries(CONNECTION_OPTIONS).map(([name, spec]) => [name, { ...spec, rare: true }]),
    ),
    ...TRUST_OPTIONS,
  },
  async plan(args, host) {
    const named = parseSyslogTarget(args.value("to") ?? DEFAULT_TARGET);
    const endpoint = withoutLinks(named.endpoint);
    const target = { ...named, endpoint };
    const local = ownSocket(endpoint, args.value("socket"), "--socket");
    const remote = "path" in endpoint ? [] : [endpoint];
    const { connection, needs } = await planConnections(args, host, remote);
    if (connection.ca !== undefined && !target.tls) throw new UsageError("--ca is for tls://");
    if (args.has("lines") && endpoint.transport !== "tcp" && endpoint.transport !== "unix") {
      throw new UsageError("--lines is for tcp:// and tls://");
    }
    if (args.has("id") && args.has("process")) {
      throw new UsageError("--id and --process exclude each other");
    }
    const isOlder = "path" in endpoint;
    const format = (args.value("form") ?? (isOlder ? "rfc3164" : "rfc5424")) as "rfc5424";
    const newer = ["msgid", "data"].find((name) => args.has(name));
    if (newer !== undefined && format !== "rfc5424") {
      throw new UsageError(`--${newer} requires --form rfc5424`);
    }
    // A daemon of this host knows its name.
    const hostname = args.value("host");
    const asksName = hostname === undefined && !isOlder;
    return {
      connection,
      needs: [
        isOlder ? syslogCapabilities(endpoint, local) : {},
        asksName ? { sys: ["hostname"] as const } : {},
      ].reduce((all: Capabilities, one) => union(all, one), needs),
      target,
      local,
      text: args.operands.length === 0 ? undefined : args.operands.join(" "),
      ...priorityOf(args.value("priority") ?? "user.notice"),
      hostname: asksName ? "" : hostname,
      tag: fieldOf(args, "tag") ?? "netwright",
      process: args.has("id") ? "" : fieldOf(args, "process"),
      messageId: fieldOf(args, "msgid"),
      data: args.values("data").map(structuredData),
      format,
      framing: args.has("lines") ? "lines" : "octets",
      maxBytes: args.bytes("max-size") ?? 8192,
    };
  },
  capabilities: ({ needs }) => needs,
  brokered: ({ target }) => syslogBroker(target.endpoint),
};

function priorityOf(text: string): { readonly facility: number; readonly severity: number } {
  const at = text.lastIndexOf(".");
  const facility = at < 0 ? 1 : findFacility(text.slice(0, at));
  const severity = findSeverity(text.slice(at + 1));
  if (facility !== undefined && severity !== undefined) return { facility, severity };
  throw new UsageError("--priority takes FACILITY.SEVERITY, such as local0.info");
}

/** A field of the header holds printable ASCII without spaces. */
function fieldOf(args: Arguments, name: string): string | undefined {
  const text = args.value(name);
  if (text === undefined || /^[\x21-\x7e]{1,128}$/.test(text)) return text;
  throw new UsageError(`--${name} takes a word of printable ASCII`);
}

const NAME = /^[\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}$/;

function structuredData(text: string): StructuredOption {
  const [id = "", ...pairs] = text.split(/\s+(?=[^\s=]+=)/);
  const parameters = pairs.map((pair) => {
    const at = pair.indexOf("=");
    const value = pair.slice(at + 1).replace(/^"(.*)"$/s, "$1");
    return [pair.slice(0, at), value] as const;
  });
  if (![id, ...parameters.map(([name]) => name)].every((name) => NAME.test(name))) {
    throw new UsageError("--data takes an identifier, then NAME=VALUE, such as 'job@32473 id=7'");
  }
  return { id, parameters };
}
