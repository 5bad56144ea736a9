/**
 * `netwright ftp chmod`: changes permission bits on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/connect.ts";

/** The command. */
export const command: FtpCommand = ftpCommand({
  name: "ftp chmod",
  summary: "change permission bits on an FTP server",
  operands: "MODE URL…",
  count: { min: 2, max: Infinity },
  examples: ["ftp chmod 640 ftp://ann@ftp.example.org/report.pdf"],
  options: { ...FTP_OPTIONS },
  capabilities: (args, host) =>
    ftpCapabilities(args, host, args.operands.slice(1).map(parseFtpUrl)),
  async work(args, _context, at) {
    const [digits = "", ...urls] = args.operands;
    if (!/^[0-7]{3,4}$/.test(digits)) throw new UsageError("MODE is three or four octal digits");
    for (const target of urls.map((operand) => at.remote(operand))) {
      await at.use(target, (client) => client.chmod(target.path, parseInt(digits, 8)));
    }
  },
});
