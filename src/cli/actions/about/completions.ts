/**
 * `netwright completions`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { CompletionsPlan } from "../../commands/about/completions.ts";
import { completeLine } from "../../command/completion.ts";

/** The command, in the sandbox. */
export const action: Action<CompletionsPlan> = {
  async run({ script, words }, { stdout, commands }) {
    if (script !== undefined) return await stdout.line(script);
    const { candidates, ask } = await completeLine(commands, words);
    for (const { word, help } of candidates) {
      await stdout.line(help === undefined ? word : `${word}\t${help}`);
    }
    if (ask !== undefined) await stdout.line(`:${ask}`);
  },
};
