/**
 * `netwright ftp mkdir`, inside the sandbox.
 *
 * @module
 */

import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction = ftpAction({
  async work(args, _context, at) {
    const parents = args.has("parents");
    for (const target of args.operands.map((operand) => at.remote(operand))) {
      const path = target.path.replace(/(?<=[^/])\/+$/, "");
      await at.use(target, (client) => client.makeFolder(path, { parents }));
    }
  },
});
