/**
 * `netwright line`: the first line of a file or of what a server says (1.1 of the book's list).
 *
 * @module
 */

import { parseTarget, type Target, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "line",
  summary: "print the first line of a file, or of what a server says",
  operands: "FILE|HOST:PORT|URL|unix:PATH",
  count: { min: 1, max: 1 },
  examples: ["line mail.example.org:25", "line /etc/motd", "line tls://example.org:993"],
  details: "What has a port or a scheme is a server; ./NAME is always a file, - is standard input.",
  options: {
    lines: { short: "n", value: "N", help: "how many lines (default 1)" },
    "max-length": { value: "BYTES", help: "longest line that is taken (default 65536)" },
    ...STREAM_OPTIONS,
  },
  async capabilities(args, host) {
    const target = targetOf(args);
    return typeof target === "string"
      ? target === "-" ? {} : { read: [target] }
      : await connectionCapabilities(args, host, [target.endpoint]);
  },
});

export function targetOf(args: Arguments): Target | string {
  const [text = ""] = args.operands;
  if (text === "") throw new UsageError("the target is empty");
  const isServer = /^unix:|^[a-z][a-z0-9+]*:\/\//i.test(text) || /^[^/\\]+:\d+$/.test(text);
  return isServer ? parseTarget(text) : text;
}
