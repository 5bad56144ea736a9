/**
 * Where messages of syslog go.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import { type Endpoint, formatEndpoint, parseTarget } from "./endpoint.ts";

/** A collector. */
export interface SyslogTarget {
  /** Its address: `unixpacket` is a UNIX socket for datagrams, as `/dev/log` is. */
  readonly endpoint: Endpoint;
  /** Whether connections begin with a TLS handshake. */
  readonly tls: boolean;
}

/** Ports by transport: RFC 5426 §3.3, the port that IANA assigned to TCP, RFC 5425 §4.1. */
export const SYSLOG_PORTS: Readonly<Record<"udp" | "tcp" | "tls", number>> = {
  udp: 514,
  tcp: 601,
  tls: 6514,
};

/**
 * Parses the address of a collector.
 *
 * @param text `unix:/dev/log`, `unix+stream:/run/x`, `udp://HOST`, `tcp://HOST:PORT`, `tls://HOST`, also with `syslog:` or
 * `syslog+` in front.
 * @returns The collector.
 * @throws {UsageError} If it is something else.
 *
 * @example The port of TLS
 * ```ts
 * import { parseSyslogTarget } from "@netwright/netwright/syslog";
 * const { endpoint, tls } = parseSyslogTarget("tls://logs.example");
 * if (!tls || !("port" in endpoint) || endpoint.port !== 6514) throw new Error("wrong");
 * ```
 */
export function parseSyslogTarget(text: string): SyslogTarget {
  const bare = text.replace(/^syslog[:+]/, "");
  const [, isStream, path] = /^unix(\+stream)?:(?:\/\/)?(.*)$/s.exec(bare) ?? [];
  if (path !== undefined) {
    const { endpoint } = parseTarget(`unix:${path}`, {
      transport: isStream === undefined ? "udp" : "tcp",
    });
    return { endpoint, tls: false };
  }
  const [, scheme = ""] = /^(udp|tcp|tls):\/\//.exec(bare) ?? [];
  if (scheme === "") {
    throw new UsageError(
      `${
        JSON.stringify(text.slice(0, 100))
      } is not a collector: unix:PATH, udp://HOST, tcp://HOST or tls://HOST`,
    );
  }
  const { endpoint, tls, username, path: rest } = parseTarget(bare, {
    schemes: ["udp", "tcp", "tls"],
    defaultPort: SYSLOG_PORTS[scheme as keyof typeof SYSLOG_PORTS],
  });
  if (username !== undefined || rest !== "") {
    throw new UsageError(`${formatEndpoint(endpoint)}: a collector has no user and no path`);
  }
  if ("port" in endpoint && endpoint.port === 0) {
    throw new UsageError(`${formatEndpoint(endpoint)}: port 0 cannot be sent to`);
  }
  return { endpoint, tls: tls === "implicit" };
}
