/**
 * `netwright finger`: asks hosts about their users.
 *
 * @module
 */

import { type Endpoint, parseEndpoint } from "../../../net/mod.ts";
import { type FingerQuery, parseFingerTarget } from "../../../protocols/finger/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { STREAM_OPTIONS } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";

/** The command. */
export const command: Command = {
  name: "finger",
  summary: "ask hosts about their users (RFC 1288)",
  operands: "[USER]@HOST[:PORT]…",
  count: { min: 1 },
  examples: ["finger ann@example.org", "finger -l @127.0.0.1:7979"],
  options: {
    long: { short: "l", help: "ask for more than usual (/W)" },
    ...STREAM_OPTIONS,
  },
  capabilities: (args, host) =>
    connectionCapabilities(args, host, questions(args).map(({ endpoint }) => endpoint)),
};

interface Question {
  readonly text: string;
  readonly endpoint: Endpoint;
  readonly query: FingerQuery;
}

export function questions(args: Arguments): Question[] {
  return args.operands.map((text) => {
    const { host, query } = parseFingerTarget(text);
    const endpoint = parseEndpoint(host, { defaultPort: 79 });
    return { text, endpoint, query: { ...query, verbose: args.has("long") } };
  });
}
