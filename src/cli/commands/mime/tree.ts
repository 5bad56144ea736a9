/**
 * `netwright mime tree`: what a message is made of (7.3 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { inputCapabilities, MBOX_OPTION } from "../../mail/options.ts";

/** The command. */
export const command = commandByArguments({
  name: "mime tree",
  summary: "show what a message is made of",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: ["mime tree letter.eml", "mime tree --json < letter.eml"],
  details:
    "Columns: path, type, size of the decoded content in bytes, name. What another program may read\n" +
    "in another way is told on standard error, and stands in `flaws` of each object of --json.",
  capabilities: (args) => inputCapabilities(args.operands[0]),
  options: MBOX_OPTION,
});
