/**
 * `netwright ftp quote`: sends raw commands to an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { asShown } from "../../../net/mod.ts";
import { command as commandLine } from "../../../protocols/wire/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/connect.ts";

/** The command. */
export const command: FtpCommand = ftpCommand({
  name: "ftp quote",
  summary: "send commands to an FTP server as they are",
  operands: "URL COMMAND…",
  count: { min: 2, max: Infinity },
  examples: ["ftp quote ftp://ftp.example.org/ FEAT 'SITE HELP'"],
  details: "Commands that need no data connection. A refusal ends it.",
  options: { ...FTP_OPTIONS },
  capabilities: (args, host) => ftpCapabilities(args, host, [parseFtpUrl(args.operands[0]!)]),
  async work(args, context, at) {
    const [url = "", ...lines] = args.operands;
    const target = at.remote(url);
    await at.use(target, async (client) => {
      if (target.path !== "") await client.cd(target.path);
      for (const line of lines) {
        const reply = await client.send(commandLine`${line}`);
        if (args.has("json")) {
          const texts = reply.lines.map((text) => text.launder(asShown));
          await context.stdout.json({ command: line, code: reply.code, lines: texts });
          continue;
        }
        for (const text of reply.lines) {
          await context.stdout.peerLine(`${reply.code} ${text.launder((shown) => shown)}`);
        }
      }
    });
  },
});
