/**
 * `netwright ftp mirror`, inside the sandbox.
 *
 * @module
 */

import { runMirror } from "../../ftp/mirror.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";
import { operandsOf } from "../../commands/ftp/mirror.ts";

/** The command, in the sandbox. */
export const action: FtpAction = ftpAction({
  async work(args, context, at) {
    const { target, folder } = operandsOf(args, at);
    return await runMirror(target, folder, args.has("upload") ? "up" : "down", args, context);
  },
});
