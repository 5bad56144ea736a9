/**
 * `netwright ftp rm`: removes from an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp rm",
  summary: "remove files from an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: [
    "ftp rm ftp://ann@ftp.example.org/old.txt",
    "ftp rm --recursive ftp://ann@ftp.example.org/old/",
  ],
  details: "A slash at the end of a URL means a folder; without --recursive it must be empty.",
  options: {
    force: { short: "f", help: "what is not there is no error" },
    recursive: { short: "r", help: "folders with all that is in them" },
    ...FTP_OPTIONS,
  },
  capabilities: (args, host) => ftpCapabilities(args, host, args.operands.map(parseFtpUrl)),
});
