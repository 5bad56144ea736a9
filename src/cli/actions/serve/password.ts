/**
 * `netwright password`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { readToEnd, UsageError } from "../../../net/mod.ts";
import { hashPassword } from "../../../stores/mod.ts";
import { askSecret } from "../../terminal/prompts.ts";
import { processTerminal } from "../../terminal/terminal.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(_args, context) {
    const password = context.stdin.isTerminal
      ? (await askSecret(processTerminal, "Password:")).reveal()
      : new TextDecoder().decode(await readToEnd(context.stdin, { maxBytes: MAX_BYTES }))
        .split(/\r?\n/, 1)[0]!;
    if (password === "") throw new UsageError("the password is empty");
    await context.stdout.line(await hashPassword(password));
  },
});

/** Longest password, in bytes. */
const MAX_BYTES = 1024;
