/**
 * `netwright finger`: asks hosts about their users.
 *
 * @module
 */

import { type Endpoint, parseEndpoint, UsageError } from "../../../net/mod.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "finger",
  summary: "ask hosts about their users (RFC 1288)",
  operands: "[USER]@HOST[:PORT]…",
  count: { min: 1 },
  examples: ["finger ann@example.org", "finger -l @127.0.0.1:7979"],
  options: {
    long: { short: "l", help: "ask for more than usual (/W)" },
    ...STREAM_OPTIONS,
  },
  capabilities: (args, host) => connectionCapabilities(args, host, args.operands.map(serverOf)),
});

/**
 * Reads the server of an operand, which follows the last `@`.
 *
 * @param text The operand.
 * @returns The server.
 * @throws {UsageError} If no host is named.
 */
export function serverOf(text: string): Endpoint {
  const host = text.slice(text.lastIndexOf("@") + 1);
  if (host === "" || !text.includes("@")) {
    throw new UsageError("write USER@HOST, or @HOST for all users");
  }
  return parseEndpoint(host, { defaultPort: 79 });
}
