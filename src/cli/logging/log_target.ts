/**
 * `--log`: where a server's events go.
 *
 * @module
 */

import { parseSyslogTarget, union } from "../../net/internal.ts";
import { type Capabilities, type Endpoint, UsageError } from "../../net/mod.ts";
import { findFacility } from "../../reference/internal.ts";
import type { Arguments } from "../command/arguments.ts";
import { type BrokerManifest, NO_BROKER } from "../command/broker.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { ownSocket, syslogBroker, syslogCapabilities, withoutLinks } from "./syslog_socket.ts";

/** Servers have these. */
export const LOG_OPTIONS: OptionSpecs = {
  log: {
    value: "TARGET",
    rare: true,
    help: "stderr, file:PATH, or syslog:unix:/dev/log, syslog+udp://HOST, +tcp, +tls",
  },
  "log-socket": {
    value: "PATH",
    rare: true,
    help: "our socket beside that of a syslog daemon (default in /tmp)",
  },
  "log-facility": { value: "NAME", rare: true, help: "of syslog (default daemon)" },
  "log-format": { value: "FORM", choices: ["rfc5424", "rfc3164"], rare: true, help: "of syslog" },
};

/** Where events go. */
export type LogTarget =
  | { readonly kind: "stderr" }
  | { readonly kind: "file"; readonly path: string }
  | {
    readonly kind: "syslog";
    readonly endpoint: Endpoint;
    readonly tls: boolean;
    readonly facility: number;
    readonly format: "rfc5424" | "rfc3164";
    /** The file of our own socket beside a UNIX socket for datagrams. */
    readonly local: string | undefined;
  };

/**
 * Reads `--log` and its companions.
 *
 * @param args The command line.
 * @returns The target.
 * @throws {UsageError} If it is malformed.
 */
export function logTargetOf(args: Arguments): LogTarget {
  const text = args.value("log") ?? "stderr";
  const other = ["log-facility", "log-format", "log-socket"].find((name) => args.has(name));
  if (!text.startsWith("syslog")) {
    if (other !== undefined) throw new UsageError(`--${other} is for --log syslog:…`);
    if (text === "stderr") return { kind: "stderr" };
    const [, path = ""] = /^file:(?:\/\/(?=\/))?(.+)$/s.exec(text) ?? [];
    if (path !== "" && !path.endsWith("/")) return { kind: "file", path };
    throw new UsageError(`--log takes ${LOG_OPTIONS.log!.help}`);
  }
  const { endpoint: named, tls } = parseSyslogTarget(text);
  const endpoint = withoutLinks(named);
  const facility = findFacility(args.value("log-facility") ?? "daemon");
  if (facility === undefined) throw new UsageError("--log-facility takes a name such as local0");
  const isLocal = "path" in endpoint;
  return {
    kind: "syslog",
    endpoint,
    tls,
    facility,
    // Local daemons expect the older form, without a host.
    format: (args.value("log-format") ?? (isLocal ? "rfc3164" : "rfc5424")) as "rfc5424",
    local: ownSocket(endpoint, args.value("log-socket"), "--log-socket"),
  };
}

/**
 * Determines the capabilities of a target.
 *
 * @param target The target.
 * @returns What it needs.
 */
export function logCapabilities(target: LogTarget): Capabilities {
  if (target.kind === "stderr") return {};
  if (target.kind === "file") return { read: [target.path], write: [target.path] };
  const { endpoint, local } = target;
  return union(
    syslogCapabilities(endpoint, local),
    "path" in endpoint ? {} : { sys: ["hostname"] },
  );
}

/**
 * Determines what a target requests of the launcher.
 *
 * @param target The target.
 * @returns The requests.
 */
export function logBroker(target: LogTarget): BrokerManifest {
  return target.kind === "syslog" ? syslogBroker(target.endpoint) : NO_BROKER;
}
