/**
 * `netwright echo`: sends messages to an echo server and takes them back (4.1 of the book's list).
 *
 * @module
 */

import { type Endpoint, parseEndpoint, union } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";
import { FAST_CAPABILITIES } from "../../serving/serving_scope.ts";

/** The command. */
export const command = commandByArguments({
  name: "echo",
  summary: "send messages to an echo server, and time them (RFC 862)",
  operands: "HOST[:PORT] [PORT]",
  count: { min: 1, max: 2 },
  examples: ["echo 127.0.0.1:7 --message hello", "echo 127.0.0.1 7 --count 100 --size 1024"],
  details:
    "Sends --message, or --count messages of --size bytes and prints times, or each line of standard\n" +
    "input. Standard error gets the totals.",
  options: {
    message: { value: "TEXT", help: "send this" },
    count: { value: "N", help: "how many messages (default 1)" },
    size: { value: "BYTES", help: "random bytes in each (default 64)" },
    tries: { value: "N", rare: true, help: "how often a datagram is sent (default 5)" },
    fast: { rare: true, help: "datagrams by the system's own calls: refusals are told (Linux)" },
    "max-line": { value: "BYTES", rare: true, help: "longest line (default 64 MiB)" },
    ...UDP_OPTION,
    ...STREAM_OPTIONS,
  },
  async capabilities(args, host) {
    const own = await connectionCapabilities(args, host, [endpointOf(args)]);
    return args.has("fast") ? union(own, FAST_CAPABILITIES) : own;
  },
});

export function endpointOf(args: Arguments): Endpoint {
  const [host = "", port] = args.operands;
  const transport = args.has("udp") ? "udp" : "tcp";
  if (port === undefined) return parseEndpoint(host, { defaultPort: 7, transport });
  const separate = host.includes(":") && !host.startsWith("[")
    ? `[${host}]:${port}`
    : `${host}:${port}`;
  return parseEndpoint(separate, { transport });
}
