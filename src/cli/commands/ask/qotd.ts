/**
 * `netwright qotd`: asks hosts for their quote of the day.
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { askCommand, type AskPlan } from "../../connect/ask_command.ts";

/** The command. */
export const command: Command<AskPlan> = askCommand({
  name: "qotd",
  summary: "ask hosts for the quote of the day (RFC 865)",
  port: 17,
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["qotd quotes.example.org", "qotd --udp 127.0.0.1:17"],
});
