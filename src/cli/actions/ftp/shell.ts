/**
 * `netwright ftp shell`, inside the sandbox.
 *
 * @module
 */

import { planCredentials } from "../../connect/credential_options.ts";
import { actionByArguments } from "../../command/arguments_plan.ts";
import { credentialsOf } from "../../connect/credentials.ts";
import { parseFtpUrl } from "../../ftp/target.ts";
import { runShell } from "../../ftp/shell/loop.ts";
import { processTerminal } from "../../terminal/terminal.ts";
import { localFolder } from "../../commands/ftp/shell.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const target = parseFtpUrl(args.operands[0]!);
    // Asked for once: sessions come and go.
    const { user, password } = await credentialsOf(planCredentials(args), target);
    return await runShell(
      {
        target: { ...target, username: user, password: password?.reveal() },
        localFolder: localFolder(args),
        lines: args.values("execute"),
        programs: args.values("allow-program"),
        historyFile: args.value("history"),
        terminal: processTerminal,
      },
      args,
      context,
    );
  },
});
