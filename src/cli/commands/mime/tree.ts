/**
 * `netwright mime tree`: shows the structure of a message (7.3 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { inputCapabilities, type InputPlan, MBOX_OPTION, planInput } from "../../mail/options.ts";

/** The command. */
export const command: Command<InputPlan> = {
  name: "mime tree",
  summary: "show the MIME structure of a message",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: ["mime tree letter.eml", "mime tree --json < letter.eml"],
  details:
    "Columns: path, type, size of the decoded content in bytes, name. Ambiguities that another program may\n" +
    "read differently are reported on standard error, and in `defects` of each object of --json.",
  plan: planInput,
  capabilities: ({ file }) => inputCapabilities(file),
  options: MBOX_OPTION,
};
