/**
 * `netwright daytime`, inside the sandbox.
 *
 * @module
 */

import { formatEndpoint } from "../../../net/mod.ts";
import { daytime } from "../../../protocols/daytime/mod.ts";
import type { Action } from "../../command/context.ts";
import { askAction } from "../../connect/ask_action.ts";
import type { AskPlan } from "../../connect/ask_command.ts";

/** Asks hosts for the time of day. */
export const action: Action<AskPlan> = askAction({
  name: "daytime",
  ask: daytime,
  async write(text, { endpoint, isOneOfSeveral }, { stdout, json }) {
    const host = formatEndpoint(endpoint);
    if (json) await stdout.json({ host, text });
    else await stdout.peerLine(isOneOfSeveral ? `${host}\t${text}` : text);
  },
});
