/**
 * `netwright ftp mkdir`: makes folders on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** Which folders are made. */
export interface MkdirWork {
  /** The folders. */
  readonly targets: readonly FtpTarget[];
  /** Whether those above them are made too. */
  readonly parents: boolean;
}

/** The command. */
export const command: FtpCommand<MkdirWork> = ftpCommand({
  name: "ftp mkdir",
  summary: "create folders on an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: ["ftp mkdir --parents ftp://ann@ftp.example.org/a/b/c"],
  options: {
    parents: { short: "p", help: "create parent folders too; existing ones are not an error" },
  },
  read: (args, names) => ({
    targets: args.operands.map((operand) => names.remote(operand)),
    parents: args.has("parents"),
  }),
  targets: ({ targets }) => targets,
});
