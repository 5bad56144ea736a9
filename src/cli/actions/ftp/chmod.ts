/**
 * `netwright ftp chmod`, inside the sandbox.
 *
 * @module
 */

import type { ChmodWork } from "../../commands/ftp/chmod.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<ChmodWork> = ftpAction({
  async work({ mode, targets }, context, at) {
    return await inTurn(
      targets,
      (target) => at.use(target, (client) => client.chmod(target.path, mode)),
      context,
      "ftp chmod",
    );
  },
});
