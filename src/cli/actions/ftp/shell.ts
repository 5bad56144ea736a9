/**
 * `netwright ftp shell`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { ShellPlan } from "../../commands/ftp/shell.ts";
import { credentialsOf } from "../../login/credentials.ts";
import { runShell } from "../../ftp/shell/loop.ts";
import { processTerminal } from "../../terminal/terminal.ts";

/** The command, in the sandbox. */
export const action: Action<ShellPlan> = {
  async run({ target, ftp, ...plan }, context) {
    // Asked for once: sessions come and go.
    const { user, password } = await credentialsOf(ftp.credentials, target);
    return await runShell(
      {
        target: { ...target, username: user, password: password?.reveal() },
        ...plan,
        ftp,
        terminal: processTerminal,
      },
      context,
    );
  },
};
