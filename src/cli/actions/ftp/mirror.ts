/**
 * `netwright ftp mirror`, inside the sandbox.
 *
 * @module
 */

import { runMirror } from "../../ftp/mirror.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";
import { type MirrorWork } from "../../commands/ftp/mirror.ts";

/** The command, in the sandbox. */
export const action: FtpAction<MirrorWork> = ftpAction({
  async work({ target, folder, upload, mirror }, context, at) {
    return await runMirror(target, folder, upload ? "up" : "down", mirror, context, at);
  },
});
