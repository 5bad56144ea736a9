/**
 * `netwright ftp mv`: renames on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
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
});
