/**
 * `netwright finger`, inside the sandbox.
 *
 * @module
 */

import { parseFingerTarget } from "../../../protocols/finger/internal.ts";
import { finger } from "../../../protocols/finger/mod.ts";
import type { Action } from "../../command/context.ts";
import type { FingerPlan } from "../../commands/ask/finger.ts";
import { waitsOf } from "../../connect/connecting.ts";
import { clientNetwork } from "../../connect/network.ts";
import { sideBySide } from "../../connect/side_by_side.ts";

/** Asks hosts about their users. */
export const action: Action<FingerPlan> = {
  async run({ connection, questions, verbose }, context) {
    const network = await clientNetwork(connection, context);
    return await sideBySide(
      questions,
      async ({ who, endpoint }) => {
        const { query } = parseFingerTarget(who);
        return await finger(endpoint, { ...query, verbose }, { network, ...waitsOf(connection) });
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
