/**
 * `netwright ftp quote`: sends raw commands to an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp quote",
  summary: "send commands to an FTP server as they are",
  operands: "URL COMMAND…",
  count: { min: 2, max: Infinity },
  examples: ["ftp quote ftp://ftp.example.org/ FEAT 'SITE HELP'"],
  details: "Commands that need no data connection. A refusal ends it.",
  options: { ...FTP_OPTIONS },
  capabilities: (args, host) => ftpCapabilities(args, host, [parseFtpUrl(args.operands[0]!)]),
});
