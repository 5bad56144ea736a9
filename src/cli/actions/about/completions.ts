/**
 * `netwright completions`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { completeLine } from "../../command/completion.ts";
import { scriptOf } from "../../commands/about/completions.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run({ operands: [shell], rest }, { stdout, commands }) {
    const script = scriptOf(shell);
    if (script !== undefined) return await stdout.line(script);
    const { candidates, ask } = await completeLine(commands, rest);
    for (const { word, help } of candidates) {
      await stdout.line(help === undefined ? word : `${word}\t${help}`);
    }
    if (ask !== undefined) await stdout.line(`:${ask}`);
  },
});
