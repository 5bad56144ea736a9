/**
 * `netwright ftp rm`, inside the sandbox.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction = ftpAction({
  async work(args, _context, at) {
    const recursive = args.has("recursive");
    for (const target of args.operands.map((operand) => at.remote(operand))) {
      const path = target.path.replace(/(?<=[^/])\/+$/, "");
      if (/^\/*$/.test(path)) throw new UsageError("the URL names nothing that could be removed");
      await at.use(target, async (client) => {
        if (args.has("force") && await client.stat(path) === undefined) return;
        const isFolder = path !== target.path ||
          (recursive && (await client.stat(path))?.kind === "folder");
        if (isFolder) await client.removeFolder(path, { recursive });
        else await client.remove(path);
      });
    }
  },
});
