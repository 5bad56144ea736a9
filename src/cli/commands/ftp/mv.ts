/**
 * `netwright ftp mv`: renames on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/connect.ts";

/** The command. */
export const command: FtpCommand = ftpCommand({
  name: "ftp mv",
  summary: "rename a file or folder on an FTP server",
  operands: "URL PATH",
  count: { min: 2, max: 2 },
  examples: ["ftp mv ftp://ann@ftp.example.org/draft.txt final.txt"],
  details:
    "PATH is seen from where the user lands, as the path of the URL is. With a slash at its end\n" +
    "it is a folder, into which the file goes.",
  options: { ...FTP_OPTIONS },
  capabilities: (args, host) => ftpCapabilities(args, host, [parseFtpUrl(args.operands[0]!)]),
  async work(args, _context, at) {
    const [from = "", to = ""] = args.operands;
    const target = at.remote(from);
    const name = target.path.replace(/\/+$/, "").replace(/^.*\//, "");
    if (name === "" || to === "") throw new UsageError("the URL and PATH name what is renamed");
    // Into a folder it goes by its own name.
    const path = at.remotePath(to.endsWith("/") ? `${to}${name}` : to);
    await at.use(target, (client) => client.rename(target.path, path));
  },
});
