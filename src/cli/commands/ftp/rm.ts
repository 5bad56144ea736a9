/**
 * `netwright ftp rm`: removes from an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** The files to remove, and how. */
export interface RmWork {
  /** The files and folders. */
  readonly targets: readonly FtpTarget[];
  /** Whether folders go with all that is in them. */
  readonly recursive: boolean;
  /** Whether a missing file is not an error. */
  readonly force: boolean;
}

/** The command. */
export const command: FtpCommand<RmWork> = ftpCommand({
  name: "ftp rm",
  summary: "delete files and folders on an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: [
    "ftp rm ftp://ann@ftp.example.org/old.txt",
    "ftp rm --recursive ftp://ann@ftp.example.org/old/",
  ],
  details: "A slash at the end of a URL means a folder; without --recursive it must be empty.",
  options: {
    force: { short: "f", help: "ignore missing files" },
    recursive: { short: "r", help: "folders with their contents" },
  },
  read(args, names) {
    const targets = args.operands.map((operand) => names.remote(operand));
    if (targets.some(({ path }) => /^\/*$/.test(path))) {
      throw new UsageError("the URL names nothing that could be removed");
    }
    return { targets, recursive: args.has("recursive"), force: args.has("force") };
  },
  targets: ({ targets }) => targets,
});
