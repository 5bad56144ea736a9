/**
 * `netwright qotd`, inside the sandbox.
 *
 * @module
 */

import { formatEndpoint } from "../../../net/mod.ts";
import { qotd } from "../../../protocols/qotd/mod.ts";
import type { Action } from "../../command/context.ts";
import { askAction } from "../../connect/ask_action.ts";
import type { AskPlan } from "../../connect/ask_command.ts";

/** Asks hosts for a quote. */
export const action: Action<AskPlan> = askAction({
  name: "qotd",
  ask: qotd,
  async write(text, { endpoint }, { stdout, json }) {
    if (json) return await stdout.json({ host: formatEndpoint(endpoint), text });
    for (const line of text.split("\n")) await stdout.peerLine(line);
  },
});
