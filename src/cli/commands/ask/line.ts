/**
 * `netwright line`: the first line of a file or of what a server says (1.1 of the book's list).
 *
 * @module
 */

import {
  closeQuietly,
  Deadline,
  dial,
  formatEndpoint,
  LineReader,
  NetwrightError,
  parseTarget,
  type Reader,
  type Target,
  toFileError,
  UsageError,
} from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { STREAM_OPTIONS } from "../../command/common_options.ts";
import { clientNetwork, connectionCapabilities, waits } from "../../connect/connecting.ts";
import type { Context } from "../../command/context.ts";

/** The command. */
export const command: Command = {
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
  async run(args, context) {
    const wanted = args.integer("lines", { min: 1, fallback: 1 });
    const maxLineBytes = args.integer("max-length", { min: 1, fallback: 65_536 });
    const target = targetOf(args);
    const [source, peer] = await open(target, args, context);
    using deadline = new Deadline(
      { idleMs: waits(args).timeoutMs ?? 60_000 },
      { operation: "read a line", peer },
    );
    try {
      const reader = new LineReader(source, {
        maxLineBytes,
        peer,
        ...(typeof target !== "string" && { deadline }),
      });
      for (let number = 0; number < wanted; number++) {
        const line = await reader.readLine();
        if (line === undefined) {
          if (number > 0) return 0;
          throw new NetwrightError("there is no line", { operation: "read a line", peer });
        }
        if (args.has("json")) await context.stdout.json({ line });
        else await context.stdout.peerLine(line);
      }
    } finally {
      closeQuietly(source);
    }
  },
};

function targetOf(args: Arguments): Target | string {
  const [text = ""] = args.operands;
  if (text === "") throw new UsageError("the target is empty");
  const isServer = /^unix:|^[a-z][a-z0-9+]*:\/\//i.test(text) || /^[^/\\]+:\d+$/.test(text);
  return isServer ? parseTarget(text) : text;
}

async function open(
  target: Target | string,
  args: Arguments,
  context: Context,
): Promise<[source: Reader & { close?(): void }, peer: string]> {
  if (target === "-") return [context.stdin, "standard input"];
  if (typeof target === "string") {
    try {
      return [await Deno.open(target), target];
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw toFileError(error, { operation: "open", peer: target });
      }
      throw new NetwrightError("no such file", {
        operation: "open",
        peer: target,
        hint: "a server is written HOST:PORT",
        cause: error,
      });
    }
  }
  const network = await clientNetwork(args, context, {
    tls: args.has("tls") || target.tls === "implicit",
  });
  return [await dial(network, target.endpoint, waits(args)), formatEndpoint(target.endpoint)];
}
