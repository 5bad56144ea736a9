/**
 * `netwright ftp quote`: sends raw commands to an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** The commands to send. */
export interface QuoteWork {
  /** The server, and the folder to be in. */
  readonly target: FtpTarget;
  /** The commands. */
  readonly lines: readonly string[];
}

/** The command. */
export const command: FtpCommand<QuoteWork> = ftpCommand({
  name: "ftp quote",
  summary: "send raw commands to an FTP server",
  operands: "URL COMMAND…",
  count: { min: 2, max: Infinity },
  examples: ["ftp quote ftp://ftp.example.org/ FEAT 'SIZE pub/a.iso'"],
  details: "Only commands without a data connection. Stops at the first refusal.",
  read: ({ operands: [url = "", ...lines] }, names) => ({ target: names.remote(url), lines }),
  targets: ({ target }) => [target],
});
