/**
 * `netwright chargen`: takes generated characters.
 *
 * @module
 */

import { chargen } from "../../../protocols/chargen/mod.ts";
import type { Command } from "../../command/command.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import {
  clientNetwork,
  connectionCapabilities,
  endpointsOf,
  pinDatagrams,
  waits,
} from "../../connect/connecting.ts";
import { Progress } from "../../terminal/progress.ts";
/** The command. */
export const command: Command = {
  name: "chargen",
  summary: "take characters from a generator (RFC 864)",
  operands: "HOST[:PORT]",
  count: { min: 1, max: 1 },
  examples: ["chargen 127.0.0.1:19 --bytes 740"],
  options: {
    bytes: { value: "N", help: "how many (default 740, ten lines)" },
    ...UDP_OPTION,
    ...STREAM_OPTIONS,
  },
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 19)),
  async run(args, context) {
    const maxBytes = args.integer("bytes", { min: 1, fallback: 740 });
    const network = await clientNetwork(args, context);
    const endpoint = await pinDatagrams(args, context, endpointsOf(args, 19)[0]!);
    const start = performance.now();
    let received = 0;
    using progress = new Progress(args, context, {
      label: "chargen",
      unit: "bytes",
      total: maxBytes,
    });
    for await (const piece of chargen(network, endpoint, { ...waits(args), maxBytes })) {
      received += piece.length;
      progress.add(piece.length);
      if (!args.has("json")) await context.stdout.peerBytes(piece);
    }
    if (args.has("json")) await context.stdout.json({ received, ms: performance.now() - start });
  },
};
