/**
 * `netwright line`, inside the sandbox.
 *
 * @module
 */

import type { Action, Context } from "../../command/context.ts";
import type { LinePlan } from "../../commands/ask/line.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { closeQuietly, toFileError } from "../../../net/internal.ts";
import {
  Deadline,
  dial,
  formatEndpoint,
  LineReader,
  NetwrightError,
  type Reader,
} from "../../../net/mod.ts";
import { clientNetwork } from "../../connect/network.ts";

/** The command, in the sandbox. */
export const action: Action<LinePlan> = {
  async run(plan, context) {
    const { target, lines: requested, maxLineBytes, connection } = plan;
    const [source, peer] = await open(plan, context);
    using deadline = new Deadline(
      { idleTimeoutMs: connection.timeoutMs ?? 60_000 },
      { operation: "read a line", peer },
    );
    try {
      const reader = new LineReader(source, {
        maxLineBytes,
        peer,
        ...(typeof target !== "string" && { deadline }),
      });
      for (let number = 0; number < requested; number++) {
        const line = await reader.readLine();
        if (line === undefined) {
          if (number > 0) return 0;
          throw new NetwrightError("no line was received", { operation: "read a line", peer });
        }
        if (context.json) await context.stdout.json({ line });
        else await context.stdout.peerLine(line);
      }
    } finally {
      closeQuietly(source);
    }
  },
};

async function open(
  { target, connection }: LinePlan,
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
  const network = await clientNetwork(connection, context, {
    tls: connection.tls || target.tls === "implicit",
  });
  return [
    await dial(target.endpoint, { network, ...timeoutOptionsOf(connection) }),
    formatEndpoint(target.endpoint),
  ];
}
