/**
 * `netwright ftp quote`, inside the sandbox.
 *
 * @module
 */

import type { QuoteWork } from "../../commands/ftp/quote.ts";
import { verbatim } from "../../../net/mod.ts";
import { command as commandLine } from "../../../protocols/wire/mod.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<QuoteWork> = ftpAction({
  async work({ target, lines }, context, at) {
    await at.use(target, async (client) => {
      if (target.path !== "") await client.cd(target.path);
      for (const line of lines) {
        const reply = await client.send(commandLine`${line}`);
        if (context.json) {
          const texts = reply.lines.map((text) => text.forDisplay());
          await context.stdout.json({ command: line, code: reply.code, lines: texts });
          continue;
        }
        for (const text of reply.lines) {
          await context.stdout.peerLine(`${reply.code} ${text.validate(verbatim)}`);
        }
      }
    });
  },
});
