/**
 * `netwright help`: the list of commands, or the help of one.
 *
 * @module
 */

import { COMMON_OPTIONS } from "../../command/common_options.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";

/** The command. */
export const command = commandByArguments({
  name: "help",
  summary: "list all commands, or explain one",
  operands: "[COMMAND]",
  count: { min: 0, max: 2 },
  choices: (commands) => commands.map(({ name }) => name),
  examples: ["help daytime"],
  options: COMMON_OPTIONS,
  details: "Its options are those of all commands.",
  capabilities: () => ({}),
});
