/**
 * `netwright ftp mkdir`: makes folders on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp mkdir",
  summary: "make folders on an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: ["ftp mkdir --parents ftp://ann@ftp.example.org/a/b/c"],
  options: {
    parents: { short: "p", help: "those above it too; one that is there is no error" },
    ...FTP_OPTIONS,
  },
  capabilities: (args, host) => ftpCapabilities(args, host, args.operands.map(parseFtpUrl)),
});
