/**
 * `ftp` commands: each works on servers named by URLs, and in a shell on paths of the server that it is at.
 *
 * @module
 */

import type { FtpClient } from "../../protocols/ftp/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Command } from "../command/command.ts";
import type { Context } from "../command/context.ts";
import { FtpSessions, type FtpTarget, parseFtpUrl } from "./connect.ts";

/** What operands name. */
export interface FtpNames {
  /**
   * Reads an operand that names something on a server.
   * @throws {UsageError} If it names nothing.
   */
  remote(operand: string): FtpTarget;
  /** Reads an operand that is a path on the server that another operand names. */
  remotePath(operand: string): string;
  /**
   * Reads an operand that names a file of here.
   * @returns Its path as the process sees it.
   * @throws {UsageError} If it names nothing that may be used.
   */
  local(operand: string): string;
}

/** What operands name, and sessions to work on it. */
export interface FtpPlaces extends FtpNames {
  /**
   * Does something in a session that nothing else uses meanwhile.
   * @returns What it gave.
   */
  use<T>(target: FtpTarget, act: (client: FtpClient) => Promise<T>): Promise<T>;
}

/** URLs, and paths as the process sees them. */
export const BY_URL: FtpNames = {
  remote: parseFtpUrl,
  remotePath: (operand) => operand,
  local: (operand) => operand,
};

/** A command of the family. */
export interface FtpCommand extends Command {
  /**
   * Does it.
   * @param at What its operands name.
   * @returns The exit status; nothing means 0.
   */
  work(args: Arguments, context: Context, at: FtpPlaces): Promise<number | void>;
}

/**
 * Makes a command of the family.
 *
 * @param command All of it but how it is run by itself.
 * @returns The command, which by itself takes URLs.
 */
export function ftpCommand(command: Omit<FtpCommand, "run">): FtpCommand {
  return {
    ...command,
    async run(args, context) {
      await using sessions = new FtpSessions(args, context);
      const at: FtpPlaces = { ...BY_URL, use: (target, act) => sessions.use(target, act) };
      return await command.work(args, context, at);
    },
  };
}
