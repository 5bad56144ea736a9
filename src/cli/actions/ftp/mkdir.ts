/**
 * `netwright ftp mkdir`, inside the sandbox.
 *
 * @module
 */

import type { MkdirWork } from "../../commands/ftp/mkdir.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<MkdirWork> = ftpAction({
  async work({ targets, parents }, _context, at) {
    for (const target of targets) {
      const path = target.path.replace(/(?<=[^/])\/+$/, "");
      await at.use(target, (client) => client.makeFolder(path, { parents }));
    }
  },
});
