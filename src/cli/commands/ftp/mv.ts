/**
 * `netwright ftp mv`: renames on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** The old and the new name. */
export interface MvWork {
  /** The file. */
  readonly target: FtpTarget;
  /** Its new path. */
  readonly path: string;
}

/** The command. */
export const command: FtpCommand<MvWork> = ftpCommand({
  name: "ftp mv",
  summary: "rename a file or folder on an FTP server",
  operands: "URL PATH",
  count: { min: 2, max: 2 },
  examples: ["ftp mv ftp://ann@ftp.example.org/draft.txt final.txt"],
  details:
    "PATH is relative to the login folder, as the path of the URL is. With a slash at its end it is a\n" +
    "folder, into which the file is moved.",
  read({ operands: [from = "", to = ""] }, names) {
    const target = names.remote(from);
    const name = target.path.replace(/\/+$/, "").replace(/^.*\//, "");
    if (name === "" || to === "") throw new UsageError("both the URL and PATH must name a file");
    // Into a folder it goes by its own name.
    return { target, path: names.remotePath(to.endsWith("/") ? `${to}${name}` : to) };
  },
  targets: ({ target }) => [target],
});
