/**
 * `netwright ftp mkdir`: makes folders on an FTP server (6.1 of the book's list).
 *
 * @module
 */

import type { Command } from "../command.ts";
import { connectFtp, FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../ftp_connecting.ts";

/** The command. */
export const command: Command = {
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
  async run(args, context) {
    for (const target of args.operands.map(parseFtpUrl)) {
      await using client = await connectFtp(target, args, context);
      const path = target.path.replace(/(?<=[^/])\/+$/, "");
      await client.makeFolder(path, { parents: args.has("parents") });
    }
  },
};
