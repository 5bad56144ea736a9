/**
 * `netwright ftp put`: files of here to an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { union, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { FTP_OPTIONS, ftpCapabilities, isFtpUrl, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp put",
  summary: "store files on an FTP server",
  operands: "FILE… URL",
  count: { min: 2, max: Infinity },
  examples: [
    "ftp put report.pdf ftp+tls://ann@ftp.example.org/reports/",
    "ftp put - ftp://127.0.0.1:2121/notes.txt < notes.txt",
  ],
  details:
    "A URL with a slash at its end is a folder. A file is stored beside its place and renamed when it is\n" +
    "whole, with the time that it has here; --direct stores it in place, for servers that forbid renaming.",
  options: {
    append: { help: "behind what is there" },
    direct: { help: "store in place" },
    "limit-rate": { value: "SIZE", help: "bytes a second, such as 2M" },
    ...FTP_OPTIONS,
  },
  async capabilities(args, host) {
    if (isFtpUrl(args.operands[0]!) && !isFtpUrl(args.operands.at(-1)!)) {
      throw new UsageError("the URL comes last: ftp put FILE… URL");
    }
    const read = filesOf(args).filter((file) => file !== "-");
    const server = await ftpCapabilities(args, host, [parseFtpUrl(args.operands.at(-1)!)]);
    return union(server, read.length > 0 ? { read } : {});
  },
});

export function filesOf(args: Arguments): readonly string[] {
  return args.operands.slice(0, -1);
}
