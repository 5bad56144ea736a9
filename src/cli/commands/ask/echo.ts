/**
 * `netwright echo`: sends messages to an echo server and takes them back (4.1 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Endpoint, parseEndpoint, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";
import { FAST_CAPABILITIES } from "../../serving/serving_scope.ts";

/** The data to send: one text, random bytes, or each line of standard input. */
export type EchoMessages =
  | { readonly kind: "text"; readonly text: string; readonly count: number }
  | { readonly kind: "random"; readonly bytes: number; readonly count: number }
  | { readonly kind: "lines"; readonly maxLineBytes: number };

/** The server, and the data to send. */
export interface EchoPlan extends ConnectionPlan {
  /** The server. */
  readonly endpoint: Endpoint;
  /** The data to send. */
  readonly messages: EchoMessages;
  /** Whether times are shown instead of the echoed data. */
  readonly isTimed: boolean;
  /** How often a datagram is sent. */
  readonly tries: number | undefined;
  /** Whether datagrams go by the system's own calls. */
  readonly fast: boolean;
}

/** The command. */
export const command: Command<EchoPlan> = {
  name: "echo",
  summary: "measure round trips to an echo server (RFC 862)",
  operands: "HOST[:PORT] [PORT]",
  count: { min: 1, max: 2 },
  examples: ["echo 127.0.0.1:7 --message hello", "echo 127.0.0.1 7 --count 100 --size 1024"],
  details:
    "Sends --message, or --count messages of --size bytes and prints their times, or each line of\n" +
    "standard input. Totals go to standard error.",
  options: {
    message: { value: "TEXT", help: "send this" },
    count: { value: "N", help: "how many messages (default 1)" },
    size: { value: "BYTES", help: "random bytes in each (default 64)" },
    tries: { value: "N", rare: true, help: "how often a datagram is sent (default 5)" },
    fast: { rare: true, help: "datagrams by direct system calls: refusals are reported (Linux)" },
    "max-line": { value: "BYTES", rare: true, help: "longest line (default 64 MiB)" },
    ...UDP_OPTION,
    ...STREAM_OPTIONS,
  },
  async plan(args, host) {
    const fast = args.has("fast");
    if (fast && !args.has("udp")) throw new UsageError("--fast is for datagrams: --udp");
    const endpoint = endpointOf(args);
    const { connection, needs } = await planConnections(args, host, [endpoint]);
    return {
      connection,
      needs: fast ? union(needs, FAST_CAPABILITIES) : needs,
      endpoint,
      messages: messagesOf(args),
      isTimed: args.has("count") || args.has("size"),
      tries: args.integer("tries", { min: 1, max: 100, fallback: undefined }),
      fast,
    };
  },
  capabilities: ({ needs }) => needs,
};

function messagesOf(args: Arguments): EchoMessages {
  const count = args.integer("count", { min: 1, max: 1_000_000_000, fallback: 1 });
  const bytes = args.integer("size", { min: 1, max: 16_777_216, fallback: 64 });
  const maxLineBytes = args.integer("max-line", { min: 1, fallback: 64 * 1024 * 1024 });
  const text = args.value("message");
  if (text !== undefined && args.has("size")) {
    throw new UsageError("--message and --size exclude each other");
  }
  if (text !== undefined) return { kind: "text", text, count };
  return args.has("count") || args.has("size")
    ? { kind: "random", bytes, count }
    : { kind: "lines", maxLineBytes };
}

function endpointOf(args: Arguments): Endpoint {
  const [host = "", port] = args.operands;
  const transport = args.has("udp") ? "udp" : "tcp";
  if (port === undefined) return parseEndpoint(host, { defaultPort: 7, transport });
  const separate = host.includes(":") && !host.startsWith("[")
    ? `[${host}]:${port}`
    : `${host}:${port}`;
  return parseEndpoint(separate, { transport });
}
