/**
 * What `ftp` commands do, with sessions at servers.
 *
 * @module
 */

import type { FtpClient } from "../../protocols/ftp/mod.ts";
import type { Action, Context } from "../command/context.ts";
import type { FtpPlan } from "./command.ts";
import { FtpSessions } from "./connect.ts";
import type { FtpTarget } from "./target.ts";

/** Sessions to work in. */
export interface FtpWorkplace {
  /**
   * Does something in a session that nothing else uses meanwhile.
   * @returns Its result.
   */
  use<T>(target: FtpTarget, act: (client: FtpClient) => Promise<T>): Promise<T>;
  /** Makes a session that is the caller's alone. */
  connect(target: FtpTarget): Promise<FtpClient>;
}

/** The implementation of a command of the family. */
export interface FtpAction<Work> extends Action<FtpPlan<Work>> {
  /**
   * Does it.
   * @param at Sessions to work in.
   * @returns The exit status; nothing means 0.
   */
  work(work: Work, context: Context, at: FtpWorkplace): Promise<number | void>;
}

/**
 * Makes an action of the family.
 *
 * @param action All of it but how it is run by itself.
 * @returns The action.
 */
export function ftpAction<Work>(action: Omit<FtpAction<Work>, "run">): FtpAction<Work> {
  return {
    ...action,
    async run({ work, ftp }, context) {
      await using sessions = new FtpSessions(ftp, context);
      return await action.work(work, context, sessions);
    },
  };
}
