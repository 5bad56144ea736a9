/**
 * `netwright help`: the list of commands, or the help of a command, a family or a topic.
 *
 * @module
 */

import { COMMON_OPTIONS } from "../../command/common_options.ts";
import type { Command } from "../../command/command.ts";
import { listServices } from "../../../services/mod.ts";
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
  choices: (commands, [first]) =>
    first === undefined ? subjects(commands) : seconds(commands, first),
  examples: ["help daytime", "help ftp", "help sandbox", "help book 6"],
  options: COMMON_OPTIONS,
  details:
    "help commands lists all commands with their summaries. All commands have the options below.\n" +
    "Topics: " +
    HELP_TOPICS.map(({ name, summary }) => `${name} (${summary})`).join(", ") +
    ".",
  plan: ({ operands }) => ({ words: operands }),
  capabilities: () => ({}),
};

type Names = readonly { readonly name: string }[];

/** The first words of commands, families and topics. */
function subjects(commands: Names): string[] {
  const names = [...commands, ...FAMILIES, ...HELP_TOPICS].map(({ name }) => name.split(" ")[0]!);
  return [...new Set([...names, "commands"])];
}

/** The words that may follow the first one. */
function seconds(commands: Names, first: string): string[] {
  if (first === "serve") return listServices().map(({ name }) => name);
  if (first === "book") return BOOK_CHAPTERS;
  return commands.filter(({ name }) => name.startsWith(`${first} `))
    .map(({ name }) => name.slice(first.length + 1));
}

/** The chapters and appendices of the book. */
const BOOK_CHAPTERS = [...Array.from({ length: 22 }, (_, n) => `${n + 1}`), "A", "B", "C"];
