/**
 * `netwright finger`, inside the sandbox.
 *
 * @module
 */

import { finger } from "../../../protocols/finger/mod.ts";
import { clientNetwork, waits } from "../../connect/connecting.ts";
import { sideBySide } from "../../connect/side_by_side.ts";
import type { Action } from "../../command/context.ts";
import { questions } from "../../commands/ask/finger.ts";

/** The command, in the sandbox. */
export const action: Action = {
  async run(args, context) {
    const network = await clientNetwork(args, context);
    return await sideBySide(
      questions(args),
      async ({ endpoint, query }) => await finger(network, endpoint, query, waits(args)),
      async ({ text: who }, text) => {
        if (args.has("json")) return await context.stdout.json({ who, text });
        if (text === "") return;
        for (const line of text.split("\n")) await context.stdout.peerLine(line);
      },
      context,
      "finger",
      args,
    );
  },
};
