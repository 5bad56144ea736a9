/**
 * `netwright ftp chmod`, inside the sandbox.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction = ftpAction({
  async work(args, _context, at) {
    const [digits = "", ...urls] = args.operands;
    if (!/^[0-7]{3,4}$/.test(digits)) throw new UsageError("MODE is three or four octal digits");
    for (const target of urls.map((operand) => at.remote(operand))) {
      await at.use(target, (client) => client.chmod(target.path, parseInt(digits, 8)));
    }
  },
});
