/**
 * `netwright discard`: sends standard input to a server that discards it.
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { askCommand, type AskPlan } from "../../connect/ask_command.ts";

/** The command. */
export const command: Command<AskPlan> = askCommand({
  name: "discard",
  summary: "send standard input to a discard server (RFC 863)",
  port: 9,
  operands: "HOST[:PORT]",
  count: { min: 1, max: 1 },
  examples: ["discard 127.0.0.1:9 < FILE"],
  details: "Prints how many bytes were sent, how long it took and how fast that was.",
});
