/**
 * `netwright ftp mv`, inside the sandbox.
 *
 * @module
 */

import type { MvWork } from "../../commands/ftp/mv.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<MvWork> = ftpAction({
  async work({ target, path }, _context, at) {
    await at.use(target, (client) => client.rename(target.path, path));
  },
});
