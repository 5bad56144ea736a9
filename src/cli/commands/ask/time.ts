/**
 * `netwright time`: asks hosts for the time as a number (3.3 and 18.1 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { askCommand, type AskPlan } from "../../connect/ask_command.ts";

/** The command. */
export const command: Command<AskPlan> = askCommand({
  name: "time",
  summary: "ask hosts for the time and show the offset (RFC 868)",
  port: 37,
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["time time.example.org", "time --udp 127.0.0.1:37"],
  details: "Prints the host's time in UTC and how many seconds its clock is ahead of this one;\n" +
    "the protocol counts whole seconds.",
});
