/**
 * `netwright mail compose`, inside the sandbox.
 *
 * @module
 */

import type { DraftPlan } from "../../mail/options.ts";
import type { Action } from "../../command/context.ts";
import { composeMessage } from "../../../mime/mod.ts";
import { draftOf, writeMessage } from "../../mail/draft.ts";

/** The command, in the sandbox. */
export const action: Action<DraftPlan> = {
  async run(draft, context) {
    await writeMessage(composeMessage(await draftOf(draft, context)), context);
  },
};
