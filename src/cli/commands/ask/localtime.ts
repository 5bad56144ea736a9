/**
 * `netwright localtime`: asks for the time in zones, over a UNIX socket for datagrams (22.2 of the book's list).
 *
 * @module
 */

import { type Endpoint, parseEndpoint, type UnixEndpoint } from "../../../net/mod.ts";
import { LOCALTIME_PATH } from "../../../reference/usual_places.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { CONNECTION_OPTIONS } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "localtime",
  summary: "ask a server for the time in zones",
  operands: "[ZONE…]",
  count: { min: 0 },
  examples: ["localtime Europe/Berlin Asia/Tokyo", "localtime --server 127.0.0.1:12023 UTC"],
  details:
    `Without a ZONE it is that of the server. The answer comes to a socket of our own beside the\n` +
    `server's, which is gone afterwards.`,
  options: {
    server: { value: "TARGET", help: `unix:PATH or HOST:PORT (default unix:${LOCALTIME_PATH})` },
    reply: { value: "PATH", help: "the socket of our own (default the server's and .reply)" },
    ...CONNECTION_OPTIONS,
  },
  capabilities: (args, host) => {
    const own = replyOf(args);
    const endpoints = own === undefined ? [serverOf(args)] : [serverOf(args), own];
    return connectionCapabilities(args, host, endpoints);
  },
});

export function serverOf(args: Arguments): Endpoint {
  return parseEndpoint(args.value("server") ?? `unix:${LOCALTIME_PATH}`, { transport: "udp" });
}

export function replyOf(args: Arguments): UnixEndpoint | undefined {
  const server = serverOf(args);
  if (!("path" in server)) return undefined;
  return { transport: "unixpacket", path: args.value("reply") ?? `${server.path}.reply` };
}
