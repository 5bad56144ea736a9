/**
 * `netwright help`: the list of commands, or the help of one.
 *
 * @module
 */

import { COMMON_OPTIONS } from "../../command/common_options.ts";
import type { Command } from "../../command/command.ts";

/** The topic to explain. */
export interface HelpPlan {
  /** The name of a command or a family; nothing for the list of all. */
  readonly words: readonly string[];
}

/** The command. */
export const command: Command<HelpPlan> = {
  name: "help",
  summary: "list all commands, or explain one",
  operands: "[COMMAND]",
  count: { min: 0, max: 2 },
  choices: (commands) => commands.map(({ name }) => name),
  examples: ["help daytime"],
  options: COMMON_OPTIONS,
  details: "Its options are those of all commands.",
  plan: ({ operands }) => ({ words: operands }),
  capabilities: () => ({}),
};
