/**
 * `netwright ftp chmod`: changes permission bits on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** What gets which permission bits. */
export interface ChmodWork {
  /** The bits. */
  readonly mode: number;
  /** The files. */
  readonly targets: readonly FtpTarget[];
}

/** The command. */
export const command: FtpCommand<ChmodWork> = ftpCommand({
  name: "ftp chmod",
  summary: "change file permissions on an FTP server",
  operands: "MODE URL…",
  count: { min: 2, max: Infinity },
  examples: ["ftp chmod 640 ftp://ann@ftp.example.org/report.pdf"],
  read({ operands: [digits = "", ...urls] }, names) {
    if (!/^[0-7]{3,4}$/.test(digits)) throw new UsageError("MODE is three or four octal digits");
    return { mode: parseInt(digits, 8), targets: urls.map((operand) => names.remote(operand)) };
  },
  targets: ({ targets }) => targets,
});
