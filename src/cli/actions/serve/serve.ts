/**
 * `netwright serve`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import { runServers } from "../../serving/run_servers.ts";
import type { ServePlan } from "../../serving/serve_plan.ts";

/** The command, in the sandbox. */
export const action: Action<ServePlan> = {
  run: (plan, context) => runServers([plan], context),
};
