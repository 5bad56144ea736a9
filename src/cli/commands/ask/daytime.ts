/**
 * `netwright daytime`: asks hosts for the time of day (3.3 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { askCommand, type AskPlan } from "../../connect/ask_command.ts";

/** The command. */
export const command: Command<AskPlan> = askCommand({
  name: "daytime",
  summary: "ask hosts for date and time as text (RFC 867)",
  port: 13,
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["daytime time.example.org", "daytime --udp 127.0.0.1:13 127.0.0.1:1313"],
});
