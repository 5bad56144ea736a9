/**
 * `netwright password`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import { readToEnd, UsageError } from "../../../net/mod.ts";
import { hashPassword } from "../../../stores/mod.ts";
import { askSecret } from "../../terminal/prompts.ts";
import { processTerminal } from "../../terminal/terminal.ts";

/** The command, in the sandbox. */
export const action: Action<Record<string, never>> = {
  async run(_plan, context) {
    const password = context.stdin.isTerminal
      ? (await askSecret(processTerminal, "Password:")).reveal()
      : new TextDecoder().decode(await readToEnd(context.stdin, { maxBytes: MAX_BYTES }))
        .split(/\r?\n/, 1)[0]!;
    if (password === "") throw new UsageError("the password is empty");
    await context.stdout.line(await hashPassword(password));
  },
};

/** Longest password, in bytes. */
const MAX_BYTES = 1024;
