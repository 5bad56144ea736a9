/**
 * `netwright ftp chmod`, inside the sandbox.
 *
 * @module
 */

import type { ChmodWork } from "../../commands/ftp/chmod.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<ChmodWork> = ftpAction({
  async work({ mode, targets }, _context, at) {
    for (const target of targets) {
      await at.use(target, (client) => client.chmod(target.path, mode));
    }
  },
});
