/**
 * `netwright ftp cat`: files of an FTP server to standard output (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp cat",
  summary: "show files of an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: ["ftp cat ftp://ftp.example.org/pub/README"],
  options: {
    text: { help: "as text: line ends of the server become those of here" },
    ...FTP_OPTIONS,
  },
  capabilities: (args, host) => ftpCapabilities(args, host, args.operands.map(parseFtpUrl)),
});
