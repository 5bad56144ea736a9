/**
 * `netwright ftp chmod`: changes permission bits on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp chmod",
  summary: "change permission bits on an FTP server",
  operands: "MODE URL…",
  count: { min: 2, max: Infinity },
  examples: ["ftp chmod 640 ftp://ann@ftp.example.org/report.pdf"],
  options: { ...FTP_OPTIONS },
  capabilities: (args, host) =>
    ftpCapabilities(args, host, args.operands.slice(1).map(parseFtpUrl)),
});
