/**
 * `netwright ftp shell`: a shell at an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { NO_BROKER } from "../../command/broker.ts";
import {
  FTP_OPTIONS,
  ftpCapabilities,
  type FtpOptions,
  ftpOptions,
  type FtpTarget,
  parseFtpUrl,
} from "../../ftp/target.ts";

const MANUAL = `At a terminal, Tab completes verbs and names, the arrows go through
earlier lines (those that begin as the typed text does), and Control-C stops a
command. A line that begins with a blank is not remembered.

Names may be patterns: get *.txt. Quotes and backslashes are read as in sh:
get 'my file' other\\ file. A path that begins with ~ is relative to the
login folder.

Without a terminal, lines come from standard input or --execute; the first that
fails ends the shell with its status, unless a dash stands before it:
-rm old.txt.`;

/** The server, the local folder, and the commands to run. */
export interface ShellPlan {
  /** The server, and where to begin. */
  readonly target: FtpTarget;
  /** How servers are talked to. */
  readonly ftp: FtpOptions;
  /** The local folder for uploads and downloads. */
  readonly localFolder: string;
  /** Lines to run in place of those of standard input. */
  readonly lines: readonly string[];
  /** Programs that `!` may start. */
  readonly programs: readonly string[];
  /** The file for the history of commands. */
  readonly historyFile: string | undefined;
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<ShellPlan> = {
  name: "ftp shell",
  summary: "open an interactive session with an FTP server",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "ftp shell ftp+tls://ann@ftp.example.org/www/",
    "ftp shell -e 'cd pub' -e 'get *.txt' ftp://ftp.example.org",
  ],
  details: "help lists the commands. Local files are limited to those below --local.\n" +
    "!PROGRAM runs a local program, if --allow-program names it.",
  manual: MANUAL,
  options: {
    execute: { value: "LINE", short: "e", many: true, help: "run this, and exit" },
    local: { value: "DIR", help: "the local folder (default the current one)" },
    history: { value: "FILE", help: "keep the history of commands in FILE" },
    "allow-program": {
      value: "NAME",
      many: true,
      help: "program that ! may start, with all your rights",
    },
    ...FTP_OPTIONS,
  },
  async plan(args, host) {
    const target = parseFtpUrl(args.operands[0]!);
    const localFolder = args.value("local") ?? ".";
    const historyFile = args.value("history");
    const programs = args.values("allow-program");
    const files = historyFile === undefined ? [localFolder] : [localFolder, historyFile];
    return {
      target,
      ftp: ftpOptions(args),
      localFolder,
      lines: args.values("execute"),
      programs,
      historyFile,
      needs: union(
        await ftpCapabilities(args, host, [target]),
        { read: files, write: files },
        programs.length > 0 ? { run: programs } : {},
      ),
    };
  },
  capabilities: ({ needs }) => needs,
  brokered: ({ localFolder }) => ({ ...NO_BROKER, links: [localFolder] }),
};
