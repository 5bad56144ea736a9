/**
 * `netwright finger`, inside the sandbox.
 *
 * @module
 */

import { parseFingerTarget } from "../../../protocols/finger/internal.ts";
import { finger } from "../../../protocols/finger/mod.ts";
import type { Action } from "../../command/context.ts";
import type { FingerPlan } from "../../commands/ask/finger.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { clientNetwork } from "../../connect/network.ts";
import { mapConcurrent } from "../../connect/map_concurrent.ts";

/** Asks hosts about their users. */
export const action: Action<FingerPlan> = {
  async run({ connection, questions, verbose }, context) {
    const network = await clientNetwork(connection, context);
    return await mapConcurrent(
      questions,
      async ({ who, endpoint }) => {
        const { query } = parseFingerTarget(who);
        return await finger(endpoint, { ...query, verbose }, {
          network,
          ...timeoutOptionsOf(connection),
        });
      },
      async ({ who }, text) => {
        if (context.json) return await context.stdout.json({ who, text });
        if (text === "") return;
        for (const line of text.split("\n")) await context.stdout.peerLine(line);
      },
      context,
      "finger",
    );
  },
};
