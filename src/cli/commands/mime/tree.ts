/**
 * `netwright mime tree`: what a message is made of (7.3 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { inputCapabilities, type InputPlan, MBOX_OPTION, planInput } from "../../mail/options.ts";

/** The command. */
export const command: Command<InputPlan> = {
  name: "mime tree",
  summary: "show what a message is made of",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: ["mime tree letter.eml", "mime tree --json < letter.eml"],
  details:
    "Columns: path, type, size of the decoded content in bytes, name. What another program may read\n" +
    "in another way is told on standard error, and stands in `defects` of each object of --json.",
  plan: planInput,
  capabilities: ({ file }) => inputCapabilities(file),
  options: MBOX_OPTION,
};
