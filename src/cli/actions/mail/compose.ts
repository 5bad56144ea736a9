/**
 * `netwright mail compose`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { composeMessage } from "../../../mime/mod.ts";
import { draftOf, writeMessage } from "../../mail/draft.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    await writeMessage(composeMessage(await draftOf(args, context)), context);
  },
});
