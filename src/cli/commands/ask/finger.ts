/**
 * `netwright finger`: asks hosts about their users.
 *
 * @module
 */

import { type Endpoint, parseEndpoint, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { STREAM_OPTIONS } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";

/** The server, the query, and the form of the output. */
export interface FingerPlan extends ConnectionPlan {
  /** The query as typed, and its server. */
  readonly questions: readonly { readonly who: string; readonly endpoint: Endpoint }[];
  /** Whether more is wanted than usual. */
  readonly verbose: boolean;
}

/** The command. */
export const command: Command<FingerPlan> = {
  name: "finger",
  summary: "look up users of a host (RFC 1288)",
  operands: "[USER]@HOST[:PORT]…",
  count: { min: 1 },
  examples: ["finger ann@example.org", "finger -l @127.0.0.1:7979"],
  options: {
    long: { short: "l", help: "ask for more than usual (/W)" },
    ...STREAM_OPTIONS,
  },
  async plan(args, host) {
    const questions = args.operands.map((who) => ({ who, endpoint: serverOf(who) }));
    const endpoints = questions.map(({ endpoint }) => endpoint);
    return {
      ...await planConnections(args, host, endpoints),
      questions,
      verbose: args.has("long"),
    };
  },
  capabilities: ({ needs }) => needs,
};

/** The server of an operand, which follows the last `@`. */
function serverOf(who: string): Endpoint {
  const host = who.slice(who.lastIndexOf("@") + 1);
  if (host === "" || !who.includes("@")) {
    throw new UsageError("write USER@HOST, or @HOST for all users");
  }
  return parseEndpoint(host, { defaultPort: 79 });
}
