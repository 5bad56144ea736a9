/**
 * `netwright ftp rm`, inside the sandbox.
 *
 * @module
 */

import type { RmWork } from "../../commands/ftp/rm.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<RmWork> = ftpAction({
  async work({ targets, recursive, force }, context, at) {
    return await inTurn(
      targets,
      async (target) => {
        const path = target.path.replace(/(?<=[^/])\/+$/, "");
        await at.use(target, async (client) => {
          if (force && await client.stat(path) === undefined) return;
          const isFolder = path !== target.path ||
            (recursive && (await client.stat(path))?.kind === "folder");
          if (isFolder) await client.removeFolder(path, { recursive });
          else await client.remove(path);
        });
      },
      context,
      "ftp rm",
    );
  },
});
