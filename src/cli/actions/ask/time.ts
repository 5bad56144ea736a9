/**
 * `netwright time`, inside the sandbox.
 *
 * @module
 */

import { formatEndpoint } from "../../../net/mod.ts";
import { time } from "../../../protocols/time/mod.ts";
import type { Action } from "../../command/context.ts";
import { askAction } from "../../connect/ask_action.ts";
import type { AskPlan } from "../../connect/ask_command.ts";

/** Asks hosts for the time. */
export const action: Action<AskPlan> = askAction({
  name: "time",
  async ask(endpoint, options) {
    const date = await time(endpoint, options);
    return { date, aheadSeconds: Math.round((date.getTime() - Date.now()) / 1000) };
  },
  async write({ date, aheadSeconds }, { endpoint, isOneOfSeveral }, { stdout, json }) {
    const host = formatEndpoint(endpoint);
    const text = date.toISOString().replace(".000Z", "Z");
    if (json) return await stdout.json({ host, time: text, aheadSeconds });
    const sign = aheadSeconds >= 0 ? "+" : "";
    const line = `${text} ${sign}${aheadSeconds}`;
    await stdout.line(isOneOfSeveral ? `${host}\t${line}` : line);
  },
});
