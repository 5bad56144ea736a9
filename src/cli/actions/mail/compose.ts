/**
 * `netwright mail compose`, inside the sandbox.
 *
 * @module
 */

import { composeMessage } from "../../../mime/mod.ts";
import { draftOf, writeMessage } from "../../mail/draft.ts";
import type { Action } from "../../command/context.ts";

/** The command, in the sandbox. */
export const action: Action = {
  async run(args, context) {
    await writeMessage(composeMessage(await draftOf(args, context)), context);
  },
};
