/**
 * `netwright ftp ls`: lists a folder of an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** The folder to list, and the form of the output. */
export interface LsWork {
  /** Folders and files. */
  readonly listed: readonly FtpTarget[];
  /** Whether kind, mode, size and time are shown. */
  readonly long: boolean;
  /** Whether the newest are first. */
  readonly byTime: boolean;
  /** Whether the largest are first. */
  readonly bySize: boolean;
  /** Whether the order is the opposite. */
  readonly reverse: boolean;
}

/** The command. */
export const command: FtpCommand<LsWork> = ftpCommand({
  name: "ftp ls",
  summary: "list files and folders on an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: ["ftp ls ftp://ftp.example.org/pub/", "ftp ls ftp+tls://ann@ftp.example.org --long"],
  details:
    "Names are in alphabetical order by default. Times are UTC, as precise as the server reports them.",
  options: {
    long: { short: "l", help: "kind, mode, size and time as well" },
    "by-time": { short: "t", help: "sort by time, newest first" },
    "by-size": { short: "S", help: "sort by size, largest first" },
    reverse: { short: "r", help: "reverse the order" },
    all: { short: "a", rare: true, help: "does nothing: names with a dot are always shown" },
  },
  read: (args, names) => ({
    listed: args.operands.map((operand) => names.remote(operand)),
    long: args.has("long"),
    byTime: args.has("by-time"),
    bySize: args.has("by-size"),
    reverse: args.has("reverse"),
  }),
  targets: ({ listed }) => listed,
});
