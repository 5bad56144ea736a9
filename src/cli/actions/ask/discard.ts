/**
 * `netwright discard`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { LineReader } from "../../../net/mod.ts";
import { discard } from "../../../protocols/discard/mod.ts";
import { endpointsOf, waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const network = await clientNetwork(args, context);
    const endpoint = await pinDatagrams(args, context, endpointsOf(args, 9)[0]!);
    const reader = new LineReader(context.stdin, {
      chunkBytes: args.has("udp") ? DATAGRAM_BYTES : 65_536,
    });
    using progress = new Progress(context, { label: "discard", unit: "bytes" });
    const start = performance.now();
    const sent = await discard(network, endpoint, counted(reader.body(), progress), waits(args));
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
});

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
