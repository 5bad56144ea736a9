/**
 * `netwright chargen`: takes generated characters.
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { askCommand, type AskPlan } from "../../connect/ask_command.ts";

/** The server, and the maximum number of bytes. */
export interface ChargenPlan extends AskPlan {
  /** How many bytes. */
  readonly maxBytes: number;
}

/** The command. */
export const command: Command<ChargenPlan> = askCommand({
  name: "chargen",
  summary: "receive characters from a chargen server (RFC 864)",
  port: 19,
  operands: "HOST[:PORT]",
  count: { min: 1, max: 1 },
  examples: ["chargen 127.0.0.1:19 --bytes 740"],
  options: { bytes: { value: "N", help: "how many (default 740, ten lines)" } },
}, (args) => ({ maxBytes: args.integer("bytes", { min: 1, fallback: 740 }) }));
