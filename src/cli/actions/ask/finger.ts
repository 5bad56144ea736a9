/**
 * `netwright finger`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { finger, parseFingerTarget } from "../../../protocols/finger/mod.ts";
import { waits } from "../../connect/connecting.ts";
import { clientNetwork } from "../../connect/network.ts";
import { sideBySide } from "../../connect/side_by_side.ts";
import { serverOf } from "../../commands/ask/finger.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const network = await clientNetwork(args, context);
    const verbose = args.has("long");
    return await sideBySide(
      args.operands,
      async (who) => {
        const { query } = parseFingerTarget(who);
        return await finger(network, serverOf(who), { ...query, verbose }, waits(args));
      },
      async (who, text) => {
        if (context.json) return await context.stdout.json({ who, text });
        if (text === "") return;
        for (const line of text.split("\n")) await context.stdout.peerLine(line);
      },
      context,
      "finger",
    );
  },
});
