/**
 * `netwright ftp mkdir`, inside the sandbox.
 *
 * @module
 */

import type { MkdirWork } from "../../commands/ftp/mkdir.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<MkdirWork> = ftpAction({
  async work({ targets, parents }, context, at) {
    return await inTurn(
      targets,
      async (target) => {
        const path = target.path.replace(/(?<=[^/])\/+$/, "");
        await at.use(target, (client) => client.makeFolder(path, { parents }));
      },
      context,
      "ftp mkdir",
    );
  },
});
