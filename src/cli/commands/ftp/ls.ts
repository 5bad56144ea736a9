/**
 * `netwright ftp ls`: lists a folder of an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp ls",
  summary: "list folders of an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: ["ftp ls ftp://ftp.example.org/pub/", "ftp ls ftp+tls://ann@ftp.example.org --long"],
  details:
    "Names in the order of the alphabet, unless told otherwise. Times are UTC, as exact as the server tells them.",
  options: {
    long: { short: "l", help: "kind, mode, size and time as well" },
    "by-time": { short: "t", help: "the newest first" },
    "by-size": { short: "S", help: "the largest first" },
    reverse: { short: "r", help: "in the opposite order" },
    all: { short: "a", rare: true, help: "does nothing: names with a dot are always shown" },
    ...FTP_OPTIONS,
  },
  capabilities: (args, host) => ftpCapabilities(args, host, args.operands.map(parseFtpUrl)),
});
