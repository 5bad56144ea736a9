/**
 * `netwright ftp cat`, inside the sandbox.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction = ftpAction({
  async work(args, context, at) {
    for (const target of args.operands.map((operand) => at.remote(operand))) {
      if (/^$|\/$/.test(target.path)) throw new UsageError("the URL names no file");
      await at.use(target, async (client) => {
        for await (const piece of client.fetch(target.path, { text: args.has("text") })) {
          await context.stdout.peerBytes(piece);
        }
      });
    }
  },
});
