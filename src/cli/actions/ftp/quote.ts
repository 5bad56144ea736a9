/**
 * `netwright ftp quote`, inside the sandbox.
 *
 * @module
 */

import { asShown } from "../../../net/mod.ts";
import { command as commandLine } from "../../../protocols/wire/mod.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction = ftpAction({
  async work(args, context, at) {
    const [url = "", ...lines] = args.operands;
    const target = at.remote(url);
    await at.use(target, async (client) => {
      if (target.path !== "") await client.cd(target.path);
      for (const line of lines) {
        const reply = await client.send(commandLine`${line}`);
        if (context.json) {
          const texts = reply.lines.map((text) => text.launder(asShown));
          await context.stdout.json({ command: line, code: reply.code, lines: texts });
          continue;
        }
        for (const text of reply.lines) {
          await context.stdout.peerLine(`${reply.code} ${text.launder((shown) => shown)}`);
        }
      }
    });
  },
});
