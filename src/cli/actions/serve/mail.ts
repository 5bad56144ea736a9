/**
 * `netwright serve mail`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { MailServersPlan } from "../../commands/serve/mail.ts";
import { runServers } from "../../serving/run_servers.ts";

/** The command, in the sandbox. */
export const action: Action<MailServersPlan> = {
  run: ({ servers }, context) => runServers(servers, context),
};
