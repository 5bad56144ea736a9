/**
 * `netwright line`: prints the first line of a file or of a server's greeting (1.1 of the book's list).
 *
 * @module
 */

import { parseTarget, type Target } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { STREAM_OPTIONS } from "../../command/common_options.ts";
import {
  type ConnectionOptions,
  connectionOptions,
  planConnections,
} from "../../connect/connecting.ts";

/** What to read, and how much of it. */
export interface LinePlan {
  /** A server, a file, or `-` for standard input. */
  readonly target: Target | string;
  /** How many lines. */
  readonly lines: number;
  /** Longest line, in bytes. */
  readonly maxLineBytes: number;
  /** How to connect. */
  readonly connection: ConnectionOptions;
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<LinePlan> = {
  name: "line",
  summary: "print the first line of a file or of a server's greeting",
  operands: "FILE|HOST:PORT|URL|unix:PATH",
  count: { min: 1, max: 1 },
  examples: ["line mail.example.org:25", "line /etc/motd", "line tls://example.org:993"],
  details:
    "A name with a port or a scheme is a server; ./NAME is always a file, - is standard input.",
  options: {
    lines: { short: "n", value: "N", help: "how many lines (default 1)" },
    "max-length": { value: "BYTES", help: "longest line that is taken (default 65536)" },
    ...STREAM_OPTIONS,
  },
  async plan(args, host) {
    const target = targetOf(args.operands[0] ?? "");
    const own = {
      target,
      lines: args.integer("lines", { min: 1, fallback: 1 }),
      maxLineBytes: args.integer("max-length", { min: 1, fallback: 65_536 }),
    };
    if (typeof target !== "string") {
      return { ...own, ...await planConnections(args, host, [target.endpoint]) };
    }
    const needs = target === "-" ? {} : { read: [target] };
    return { ...own, connection: connectionOptions(args), needs };
  },
  capabilities: ({ needs }) => needs,
};

function targetOf(text: string): Target | string {
  if (text === "") throw new UsageError("the target is empty");
  const isServer = /^unix:|^[a-z][a-z0-9+]*:\/\//i.test(text) || /^[^/\\]+:\d+$/.test(text);
  return isServer ? parseTarget(text) : text;
}
