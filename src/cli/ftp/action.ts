/**
 * `ftp` commands: each works on servers named by URLs, and in a shell on paths of the server that it is at.
 *
 * @module
 */

import type { FtpClient } from "../../protocols/ftp/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { actionByArguments, type ArgumentsPlan } from "../command/arguments_plan.ts";
import type { Action, Context } from "../command/context.ts";
import { FtpSessions } from "./connect.ts";
import { BY_URL, type FtpNames, type FtpTarget } from "./target.ts";

/** What operands name, and sessions to work on it. */
export interface FtpPlaces extends FtpNames {
  /**
   * Does something in a session that nothing else uses meanwhile.
   * @returns What it gave.
   */
  use<T>(target: FtpTarget, act: (client: FtpClient) => Promise<T>): Promise<T>;
}

/** What a command of the family does. */
export interface FtpAction extends Action<ArgumentsPlan> {
  /**
   * Does it.
   * @param at What its operands name.
   * @returns The exit status; nothing means 0.
   */
  work(args: Arguments, context: Context, at: FtpPlaces): Promise<number | void>;
}

/**
 * Makes an action of the family.
 *
 * @param action All of it but how it is run by itself.
 * @returns The action, which by itself takes URLs.
 */
export function ftpAction(action: Omit<FtpAction, "run">): FtpAction {
  const { run } = actionByArguments({
    async run(args, context) {
      await using sessions = new FtpSessions(args, context);
      const at: FtpPlaces = { ...BY_URL, use: (target, act) => sessions.use(target, act) };
      return await action.work(args, context, at);
    },
  });
  return { ...action, run };
}
