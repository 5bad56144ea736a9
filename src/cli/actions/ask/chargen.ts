/**
 * `netwright chargen`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { ChargenPlan } from "../../commands/ask/chargen.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { chargen } from "../../../protocols/chargen/mod.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action: Action<ChargenPlan> = {
  async run({ connection, endpoints: [first], maxBytes }, context) {
    const network = await clientNetwork(connection, context);
    const endpoint = await pinDatagrams(connection, context, first!);
    const start = performance.now();
    let received = 0;
    using progress = new Progress(context, {
      label: "chargen",
      unit: "bytes",
      total: maxBytes,
    });
    for await (
      const piece of chargen(endpoint, { network, ...timeoutOptionsOf(connection), maxBytes })
    ) {
      received += piece.length;
      progress.add(piece.length);
      if (!context.json) await context.stdout.peerBytes(piece);
    }
    if (context.json) await context.stdout.json({ received, ms: performance.now() - start });
  },
};
