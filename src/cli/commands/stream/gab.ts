/**
 * `netwright gab`: standard input to a socket and the socket to standard output, at once (5.2 of the
 * book's list).
 *
 * @module
 */

import { parseTarget, type Target } from "../../../net/internal.ts";
import { type Endpoint, UsageError } from "../../../net/mod.ts";
import type { StarttlsProtocol } from "../../../protocols/wire/mod.ts";
import { STARTTLS_PROTOCOLS } from "../../../reference/usual_places.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { CONNECT_TIMEOUT_OPTION, STREAM_OPTIONS } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";
import { parsePorts } from "../../connect/port_scan.ts";
import { datagramScope } from "../../serving/serving_scope.ts";

/** The server and the options of the connection. */
export type GabPlan =
  & ConnectionPlan
  & {
    /** Whether we wait for a client, and talk to the first. */
    readonly listen: boolean;
    /** Whether we use datagrams. */
    readonly udp: boolean;
    /** Whether lines end with CRLF. */
    readonly crlf: boolean;
    /** The protocol that starts TLS. */
    readonly starttls: StarttlsProtocol | undefined;
  }
  & (
    | { readonly target: Target; readonly ports: undefined }
    /** Ports that are only looked at. */
    | { readonly target: undefined; readonly ports: readonly Endpoint[] }
  );

/** The command. */
export const command: Command<GabPlan> = {
  name: "gab",
  summary: "connect standard input and output to a server",
  operands: "HOST:PORTS|URL|unix:PATH",
  count: { min: 1, max: 1 },
  examples: [
    "gab --crlf --starttls=smtp mail.example.org:587",
    "gab --listen :9000 > FILE",
    "gab --scan example.org:22,80,8000-8010",
  ],
  details:
    "At the end of input it closes its direction, and continues printing until the server closes its own,\n" +
    "or is silent for --timeout seconds (default 60; 2 with --udp, 5 with --scan).",
  options: {
    crlf: { help: "send each line with CRLF" },
    listen: { short: "l", help: "talk to the first client that comes" },
    udp: { short: "u", help: "talk in datagrams" },
    scan: { short: "z", help: "only report which ports are open" },
    starttls: {
      value: "PROTOCOL",
      choices: STARTTLS_PROTOCOLS,
      help: "TLS by dialogue",
    },
    ...STREAM_OPTIONS,
    ...CONNECT_TIMEOUT_OPTION,
    ca: { ...STREAM_OPTIONS.ca!, rare: true },
    ipv4: { ...STREAM_OPTIONS.ipv4!, rare: true },
    ipv6: { ...STREAM_OPTIONS.ipv6!, rare: true },
    "socket-option": { ...STREAM_OPTIONS["socket-option"]!, rare: true },
  },
  async plan(args, host) {
    const own = {
      listen: args.has("listen"),
      udp: args.has("udp"),
      crlf: args.has("crlf"),
      starttls: args.value("starttls") as StarttlsProtocol | undefined,
    };
    if (args.has("scan")) {
      const ports = portsOf(args);
      return { ...own, ...await planConnections(args, host, ports), ports, target: undefined };
    }
    const target = targetOf(args);
    const { endpoint } = target;
    const { connection, needs } = await planConnections(args, host, [endpoint]);
    // Replies go to the sender of the last datagram.
    const answersAnyone = own.listen && !("path" in endpoint) && endpoint.transport === "udp";
    return {
      ...own,
      connection,
      needs: answersAnyone ? { ...needs, net: datagramScope(endpoint) } : needs,
      ports: undefined,
      target,
    };
  },
  capabilities: ({ needs }) => needs,
};

function targetOf(args: Arguments): Target {
  const [text = ""] = args.operands;
  const listen = args.has("listen");
  const target = parseTarget(text, listen ? { defaultHost: "127.0.0.1" } : {});
  for (const name of ["tls", "starttls"]) {
    if ((listen || args.has("udp")) && args.has(name)) {
      throw new UsageError(`--${name} is for connections that gab makes itself`);
    }
  }
  if (args.has("tls") && args.has("starttls")) {
    throw new UsageError("--tls and --starttls exclude each other");
  }
  const { endpoint } = target;
  if (!args.has("udp")) return target;
  if ("path" in endpoint) throw new UsageError("--udp takes HOST:PORT");
  return { ...target, endpoint: { ...endpoint, transport: "udp" } };
}

/** Ports to scan, with nothing that needs a conversation. */
function portsOf(args: Arguments): Endpoint[] {
  for (const name of ["listen", "udp", "tls", "starttls", "crlf"]) {
    if (args.has(name)) throw new UsageError(`--scan and --${name} exclude each other`);
  }
  return parsePorts(args.operands[0] ?? "");
}
