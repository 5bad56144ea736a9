/**
 * `netwright line`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import {
  closeQuietly,
  Deadline,
  dial,
  formatEndpoint,
  LineReader,
  NetwrightError,
  type Reader,
  type Target,
  toFileError,
} from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { waits } from "../../connect/connecting.ts";
import { clientNetwork } from "../../connect/network.ts";
import type { Context } from "../../command/context.ts";
import { targetOf } from "../../commands/ask/line.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
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
        if (context.json) await context.stdout.json({ line });
        else await context.stdout.peerLine(line);
      }
    } finally {
      closeQuietly(source);
    }
  },
});

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
