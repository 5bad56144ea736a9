/**
 * `netwright chargen`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { chargen } from "../../../protocols/chargen/mod.ts";
import { endpointsOf, waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const maxBytes = args.integer("bytes", { min: 1, fallback: 740 });
    const network = await clientNetwork(args, context);
    const endpoint = await pinDatagrams(args, context, endpointsOf(args, 19)[0]!);
    const start = performance.now();
    let received = 0;
    using progress = new Progress(context, {
      label: "chargen",
      unit: "bytes",
      total: maxBytes,
    });
    for await (const piece of chargen(network, endpoint, { ...waits(args), maxBytes })) {
      received += piece.length;
      progress.add(piece.length);
      if (!context.json) await context.stdout.peerBytes(piece);
    }
    if (context.json) await context.stdout.json({ received, ms: performance.now() - start });
  },
});
