/**
 * `netwright ftp cat`: files of an FTP server to standard output (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** The file, and the form of the output. */
export interface CatWork {
  /** The files. */
  readonly targets: readonly FtpTarget[];
  /** Whether the server's line endings are converted to local ones. */
  readonly text: boolean;
}

/** The command. */
export const command: FtpCommand<CatWork> = ftpCommand({
  name: "ftp cat",
  summary: "print files from an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: ["ftp cat ftp://ftp.example.org/pub/README"],
  options: {
    text: { help: "as text: convert the server's line endings to local ones" },
  },
  read(args, names) {
    const targets = args.operands.map((operand) => names.remote(operand));
    if (targets.some(({ path }) => /^$|\/$/.test(path))) {
      throw new UsageError("the URL names a folder, not a file");
    }
    return { targets, text: args.has("text") };
  },
  targets: ({ targets }) => targets,
});
