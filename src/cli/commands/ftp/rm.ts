/**
 * `netwright ftp rm`: removes from an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/connect.ts";

/** The command. */
export const command: FtpCommand = ftpCommand({
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
  async work(args, _context, at) {
    const recursive = args.has("recursive");
    for (const target of args.operands.map((operand) => at.remote(operand))) {
      const path = target.path.replace(/(?<=[^/])\/+$/, "");
      if (/^\/*$/.test(path)) throw new UsageError("the URL names nothing that could be removed");
      await at.use(target, async (client) => {
        if (args.has("force") && await client.stat(path) === undefined) return;
        const isFolder = path !== target.path ||
          (recursive && (await client.stat(path))?.kind === "folder");
        if (isFolder) await client.removeFolder(path, { recursive });
        else await client.remove(path);
      });
    }
  },
});
