/**
 * From the words of a command line to a command.
 *
 * @module
 */

import { cleanText, UsageError } from "../net/mod.ts";
import type { Command, CommandEntry } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { nearest } from "./nearest.ts";

/** A command, and what follows its name. */
export interface FoundCommand {
  /** The command, its module loaded. */
  readonly command: Command;
  /** The other words, those before its name included. */
  readonly words: readonly string[];
}

/**
 * Finds the command; options may stand before its name, or within it.
 *
 * @param words The whole command line.
 * @returns The command, or undefined if the words name none at all.
 * @throws {UsageError} If there is no such command; the message names the nearest.
 */
export async function findCommand(words: readonly string[]): Promise<FoundCommand | undefined> {
  const at = words.findIndex((word) => !word.startsWith("-"));
  if (at < 0) return undefined;
  const first = words[at]!;
  const next = words.findIndex((word, index) => index > at && !word.startsWith("-"));
  const second = words[next] ?? "";
  const member = find(`${first} ${second}`);
  const entry = member ?? find(first);
  if (entry === undefined) throw unknownCommand(first, second);
  const command = await entry.load();
  const rest = words.filter((_, index) => index !== at && !(index === next && member));
  return { command: await command.specialize?.(rest) ?? command, words: rest };
}

function find(name: string): CommandEntry | undefined {
  return COMMANDS.find((entry) => entry.name === name);
}

function unknownCommand(first: string, second: string): UsageError {
  const typed = cleanText(first, { maxLength: 80 });
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (family.length > 0) {
    const members = family.map(({ name }) => name.slice(first.length + 1));
    const guess = nearest(second, members);
    return new UsageError(
      guess === undefined || second === ""
        ? `${typed} needs one of: ${members.join(", ")}`
        : `unknown command "${typed} ${cleanText(second, { maxLength: 80 })}"; ` +
          `did you mean "${first} ${guess}"?`,
    );
  }
  const guess = nearest(first, COMMANDS.map(({ name }) => name));
  return new UsageError(
    `unknown command "${typed}"` +
      (guess === undefined ? "; netwright help lists all" : `; did you mean "${guess}"?`),
  );
}
