/**
 * `netwright localtime`: asks for the time in zones, over a UNIX socket for datagrams (22.2 of the book's list).
 *
 * @module
 */

import { type Endpoint, parseEndpoint, type UnixEndpoint } from "../../../net/mod.ts";
import { LOCALTIME_PATH } from "../../../reference/usual_places.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { CONNECTION_OPTIONS } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";

/** The server, the zones, and the timeouts. */
export interface LocaltimePlan extends ConnectionPlan {
  /** The server. */
  readonly server: Endpoint;
  /** The socket that answers come to, beside a UNIX socket of the server. */
  readonly local: UnixEndpoint | undefined;
  /** The zones; an empty one is that of the server. */
  readonly zones: readonly string[];
}

/** The command. */
export const command: Command<LocaltimePlan> = {
  name: "localtime",
  summary: "ask a server for the local time in time zones",
  operands: "[ZONE…]",
  count: { min: 0 },
  examples: ["localtime Europe/Berlin Asia/Tokyo", "localtime --server 127.0.0.1:12023 UTC"],
  details:
    `Without ZONE: the server's own time zone. The reply comes to a socket beside the server's, which is\n` +
    `removed afterwards.`,
  options: {
    server: { value: "TARGET", help: `unix:PATH or HOST:PORT (default unix:${LOCALTIME_PATH})` },
    reply: {
      value: "PATH",
      help: "socket for the reply (default: the server's path with .reply added)",
    },
    ...CONNECTION_OPTIONS,
  },
  async plan(args, host) {
    const server = parseEndpoint(args.value("server") ?? `unix:${LOCALTIME_PATH}`, {
      transport: "udp",
    });
    const local = replyOf(args, server);
    const endpoints = local === undefined ? [server] : [server, local];
    const zones = args.operands.length > 0 ? args.operands : [""];
    return { ...await planConnections(args, host, endpoints), server, local, zones };
  },
  capabilities: ({ needs }) => needs,
};

function replyOf(args: Arguments, server: Endpoint): UnixEndpoint | undefined {
  if (!("path" in server)) return undefined;
  const reply = parseEndpoint(`unix:${args.value("reply") ?? `${server.path}.reply`}`, {
    transport: "udp",
  });
  return reply as UnixEndpoint;
}
