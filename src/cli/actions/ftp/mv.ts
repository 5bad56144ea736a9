/**
 * `netwright ftp mv`, inside the sandbox.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction = ftpAction({
  async work(args, _context, at) {
    const [from = "", to = ""] = args.operands;
    const target = at.remote(from);
    const name = target.path.replace(/\/+$/, "").replace(/^.*\//, "");
    if (name === "" || to === "") throw new UsageError("the URL and PATH name what is renamed");
    // Into a folder it goes by its own name.
    const path = at.remotePath(to.endsWith("/") ? `${to}${name}` : to);
    await at.use(target, (client) => client.rename(target.path, path));
  },
});
