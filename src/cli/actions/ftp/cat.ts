/**
 * `netwright ftp cat`, inside the sandbox.
 *
 * @module
 */

import type { CatWork } from "../../commands/ftp/cat.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<CatWork> = ftpAction({
  async work({ targets, text }, context, at) {
    return await inTurn(
      targets,
      (target) =>
        at.use(target, async (client) => {
          for await (const piece of client.fetch(target.path, { text })) {
            await context.stdout.peerBytes(piece);
          }
        }),
      context,
      "ftp cat",
    );
  },
});
