/**
 * `netwright ftp shell`: a shell at an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { NO_BROKER } from "../../command/broker.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

const MANUAL = `At a terminal, Tab completes verbs and names, the arrows go through what was
typed before (only what begins as the line does), and Control-C stops a command.
What begins with a blank is not remembered.

Names may be patterns: get *.txt. Quotes and backslashes are read as in sh:
get 'my file' other\\ file. A path that begins with ~ is seen from where one
lands.

Without a terminal, lines come from standard input or --execute; the first that
fails ends the shell with its status, unless a dash stands before it:
-rm old.txt.`;

/** The command. */
export const command = commandByArguments({
  name: "ftp shell",
  summary: "work at an FTP server, command by command",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "ftp shell ftp+tls://ann@ftp.example.org/www/",
    "ftp shell -e 'cd pub' -e 'get *.txt' ftp://ftp.example.org",
  ],
  details: "help lists what may be typed. Files of here are those below --local only.\n" +
    "!PROGRAM starts a program of here, if --allow-program names it.",
  manual: MANUAL,
  options: {
    execute: { value: "LINE", short: "e", many: true, help: "run this, and then end" },
    local: { value: "DIR", help: "the folder of here (default the current one)" },
    history: { value: "FILE", help: "keep what is typed in it" },
    "allow-program": {
      value: "NAME",
      many: true,
      help: "let ! start it, with all rights of the user",
    },
    ...FTP_OPTIONS,
  },
  async capabilities(args, host) {
    const files = [localFolder(args), ...args.values("history")];
    const programs = args.values("allow-program");
    return union(
      await ftpCapabilities(args, host, [parseFtpUrl(args.operands[0]!)]),
      { read: files, write: files },
      programs.length > 0 ? { run: programs } : {},
    );
  },
  brokered: (args) => ({ ...NO_BROKER, links: [localFolder(args)] }),
});

export function localFolder(args: Arguments): string {
  return args.value("local") ?? ".";
}
