/**
 * `ftp` commands: each works on servers named by URLs, and in a shell on paths of the server that it is at.
 *
 * @module
 */

import { union } from "../../net/internal.ts";
import type { Capabilities } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { NO_BROKER } from "../command/broker.ts";
import type { Command } from "../command/command.ts";
import {
  BY_URL,
  FTP_OPTIONS,
  ftpCapabilities,
  type FtpNames,
  type FtpOptions,
  ftpOptions,
  type FtpTarget,
} from "./target.ts";

/** The plan of a command of the family, and the options of its servers. */
export interface FtpPlan<Work> {
  /** The plan of the command. */
  readonly work: Work;
  /** How servers are talked to. */
  readonly ftp: FtpOptions;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Folders in which links are made. */
  readonly links: readonly string[];
}

/** The parts of one command of the family. */
export interface FtpSyntax<Work>
  extends Omit<Command<FtpPlan<Work>>, "plan" | "capabilities" | "brokered"> {
  /**
   * Reads the command's own part of the command line.
   * @param args The command line.
   * @param names What its operands name.
   * @returns The plan.
   * @throws {UsageError} If it makes no sense.
   */
  read(args: Arguments, names: FtpNames): Work;
  /** Gives the servers. */
  targets(work: Work): readonly FtpTarget[];
  /** Returns the local files. */
  files?(work: Work): Capabilities;
  /** Gives the folders in which links are made. */
  links?(work: Work): readonly string[];
}

/** A command of the family. */
export type FtpCommand<Work> = Command<FtpPlan<Work>> & Pick<FtpSyntax<Work>, "read">;

/**
 * Makes a command of the family.
 *
 * @param syntax The parts of this command.
 * @returns The command, which by itself takes URLs.
 */
export function ftpCommand<Work>(syntax: FtpSyntax<Work>): FtpCommand<Work> {
  const { read, targets, files, links, ...command } = syntax;
  return {
    ...command,
    read,
    options: { ...command.options, ...FTP_OPTIONS },
    async plan(args, host) {
      const work = read(args, BY_URL);
      const server = await ftpCapabilities(args, host, targets(work));
      return {
        work,
        ftp: ftpOptions(args),
        needs: union(server, files?.(work) ?? {}),
        links: links?.(work) ?? [],
      };
    },
    capabilities: ({ needs }) => needs,
    brokered: ({ links }) => links.length === 0 ? NO_BROKER : { ...NO_BROKER, links },
  };
}
