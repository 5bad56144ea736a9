/**
 * From the words of a command line to a command.
 *
 * @module
 */

import { escapeControls, UsageError } from "../../net/mod.ts";
import type { Command } from "./command.ts";
import { COMMON_OPTIONS, CONNECT_TIMEOUT_OPTION, STREAM_OPTIONS } from "./common_options.ts";
import type { CommandEntry } from "./context.ts";
import { nearest } from "./nearest.ts";

/** A command, and what follows its name. */
export interface FoundCommand {
  /** Its entry in the table. */
  readonly entry: CommandEntry;
  /** The command, its module loaded. */
  readonly command: Command;
  /** The other words, those before its name included. */
  readonly words: readonly string[];
}

/**
 * Finds the command; options may precede its name, or be within it.
 *
 * @param commands All commands.
 * @param words The whole command line.
 * @returns The command, or undefined if the words name none at all.
 * @throws {UsageError} If there is no such command; the message names the nearest.
 */
export async function findCommand(
  commands: readonly CommandEntry[],
  words: readonly string[],
): Promise<FoundCommand | undefined> {
  const find = (name: string): CommandEntry | undefined => entryOf(commands, name);
  const names = namePlaces(words);
  const at = names.find((index) => isFirst(commands, words[index]!)) ?? names[0];
  if (at === undefined) return undefined;
  const first = words[at]!;
  const later = names.filter((index) => index > at);
  // An option with a value may be between a family and its command.
  const isMember = (index: number): boolean => find(`${first} ${words[index]}`) !== undefined;
  const next = (find(first) === undefined ? later.find(isMember) : undefined) ?? later[0] ?? -1;
  const second = words[next] ?? "";
  const member = find(`${first} ${second}`);
  const entry = member ?? find(first);
  if (entry === undefined) throw unknownCommand(commands, first, second);
  const command = await entry.load();
  const rest = words.filter((_, index) => index !== at && !(index === next && member));
  return { entry, command: await command.specialize?.(rest) ?? command, words: rest };
}

/**
 * Finds the family of commands, such as `ftp` or `host`, that a command line names without naming one of its commands.
 *
 * @param commands All commands.
 * @param words The command line without the program's name.
 * @returns The family; undefined if it names something else.
 */
export function familyOf(
  commands: readonly CommandEntry[],
  words: readonly string[],
): string | undefined {
  const names = namePlaces(words).map((index) => words[index]!);
  const family = names.find((name) =>
    (isFirst(commands, name) || commands.some(({ family }) => family === name)) &&
    entryOf(commands, name) === undefined
  );
  const isAlone = names.every((name) => name === family);
  return isAlone ? family : undefined;
}

/** Options of many commands that take a value, which is not the name of a command. */
const VALUED: ReadonlySet<string> = new Set(
  Object.entries({ ...COMMON_OPTIONS, ...STREAM_OPTIONS, ...CONNECT_TIMEOUT_OPTION })
    .filter(([, { value, optionalValue }]) => value !== undefined && optionalValue !== true)
    .flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]),
);

/** The positions of words that are neither options nor values of well-known options. */
function namePlaces(words: readonly string[]): number[] {
  const end = words.indexOf("--");
  return [...words.keys()].filter((index) =>
    (end < 0 || index < end) && !words[index]!.startsWith("-") &&
    !VALUED.has(words[index - 1] ?? "")
  );
}

/** Whether a command's name is this word, or begins with it. */
function isFirst(commands: readonly CommandEntry[], word: string): boolean {
  return commands.some(({ name }) => name === word || name.startsWith(`${word} `));
}

function entryOf(commands: readonly CommandEntry[], name: string): CommandEntry | undefined {
  return commands.find((entry) => entry.name === name);
}

function unknownCommand(
  commands: readonly CommandEntry[],
  first: string,
  second: string,
): UsageError {
  const typed = escapeControls(first, { maxLength: 80 });
  const family = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (family.length > 0) {
    const members = family.map(({ name }) => name.slice(first.length + 1));
    const guess = nearest(second, members);
    const said = second === "" || second.startsWith("-")
      ? "needs one of"
      : `has no "${escapeControls(second, { maxLength: 80 })}"; it has`;
    return new UsageError(
      guess === undefined || second === ""
        ? `${typed} ${said}: ${members.join(", ")}`
        : `unknown command "${typed} ${escapeControls(second, { maxLength: 80 })}"; ` +
          `did you mean "${first} ${guess}"?`,
    );
  }
  const firsts = commands.map(({ name }) => name.split(" ")[0]!);
  const guess = nearest(first, [...new Set(firsts)]);
  return new UsageError(
    `unknown command "${typed}"` +
      (guess === undefined ? "; netwright help lists all" : `; did you mean "${guess}"?`),
  );
}
