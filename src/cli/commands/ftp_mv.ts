/**
 * `netwright ftp mv`: renames on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import type { Command } from "../command.ts";
import { connectFtp, FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../ftp_connecting.ts";

/** The command. */
export const command: Command = {
  name: "ftp mv",
  summary: "rename a file or folder on an FTP server",
  operands: "URL PATH",
  count: { min: 2, max: 2 },
  examples: ["ftp mv ftp://ann@ftp.example.org/draft.txt final.txt"],
  details: "PATH is seen from where the user lands, as the path of the URL is.",
  options: { ...FTP_OPTIONS },
  capabilities: (args, host) => ftpCapabilities(args, host, [parseFtpUrl(args.operands[0]!)]),
  async run(args, context) {
    const target = parseFtpUrl(args.operands[0]!);
    await using client = await connectFtp(target, args, context);
    await client.rename(target.path, args.operands[1]!);
  },
};
