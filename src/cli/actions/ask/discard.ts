/**
 * `netwright discard`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { AskPlan } from "../../connect/ask_command.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { LineReader } from "../../../net/mod.ts";
import { discard } from "../../../protocols/discard/mod.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action: Action<AskPlan> = {
  async run({ connection, endpoints: [first] }, context) {
    const network = await clientNetwork(connection, context);
    const endpoint = await pinDatagrams(connection, context, first!);
    const reader = new LineReader(context.stdin, {
      chunkBytes: endpoint.transport === "udp" ? DATAGRAM_BYTES : 65_536,
    });
    using progress = new Progress(context, { label: "discard", unit: "bytes" });
    const start = performance.now();
    const sent = await discard(
      endpoint,
      counted(reader.body(), progress),
      { network, ...timeoutOptionsOf(connection) },
    );
    const ms = performance.now() - start;
    const megabytesPerSecond = sent / 1000 / Math.max(ms, 0.001);
    if (context.json) await context.stdout.json({ sent, ms, megabytesPerSecond });
    else {
      const seconds = (ms / 1000).toFixed(3);
      await context.stdout.line(
        `${sent} bytes sent in ${seconds} s, ${megabytesPerSecond.toFixed(1)} MB/s`,
      );
    }
  },
};

/** Largest piece of input that goes into one datagram. */
const DATAGRAM_BYTES = 1024;

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    progress.add(piece.length);
  }
}
