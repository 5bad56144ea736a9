/**
 * `netwright help`: the list of commands, or the help of a command, a family or a topic.
 *
 * @module
 */

import { COMMON_OPTIONS } from "../../command/common_options.ts";
import type { Command } from "../../command/command.ts";
import { FAMILIES } from "../../help/families.ts";
import { HELP_TOPICS } from "../../help/topics.ts";

/** The subject to explain. */
export interface HelpPlan {
  /** The name of a command, a family or a topic; nothing for the list of commands. */
  readonly words: readonly string[];
}

/** The command. */
export const command: Command<HelpPlan> = {
  name: "help",
  summary: "show help on a command, a family or a topic",
  operands: "[COMMAND | FAMILY | TOPIC]",
  count: { min: 0, max: 2 },
  choices: (commands) => [
    ...commands.map(({ name }) => name),
    ...[...FAMILIES, ...HELP_TOPICS].map(({ name }) => name)
      .filter((name) => !commands.some((command) => command.name === name)),
    "commands",
  ],
  examples: ["help daytime", "help ftp", "help sandbox", "help book 6"],
  options: COMMON_OPTIONS,
  details: "help commands lists all commands with their summaries. The options are those of all\n" +
    "commands. Topics: " +
    HELP_TOPICS.map(({ name, summary }) => `${name} (${summary})`).join(", ") +
    ".",
  plan: ({ operands }) => ({ words: operands }),
  capabilities: () => ({}),
};
