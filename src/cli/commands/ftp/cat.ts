/**
 * `netwright ftp cat`: files of an FTP server to standard output (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/connect.ts";

/** The command. */
export const command: FtpCommand = ftpCommand({
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
  async work(args, context, at) {
    for (const target of args.operands.map((operand) => at.remote(operand))) {
      if (/^$|\/$/.test(target.path)) throw new UsageError("the URL names no file");
      await at.use(target, async (client) => {
        for await (const piece of client.fetch(target.path, { text: args.has("text") })) {
          await context.stdout.peerBytes(piece);
        }
      });
    }
  },
});
