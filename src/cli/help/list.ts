/**
 * Lists of commands: all on one screen, one family, or all with their summaries.
 *
 * @module
 */

import type { CommandEntry } from "../command/context.ts";
import { FAMILIES, type Family } from "./families.ts";
import { HELP_TOPICS } from "./topics.ts";
import { definitions, wrap } from "./wrap.ts";

/**
 * Writes the list of commands by family, on one screen.
 *
 * @param commands All commands.
 * @returns Lines without the final line feed.
 */
export function generalHelp(commands: readonly CommandEntry[]): string {
  const rows = FAMILIES.map(({ name, summary }) =>
    [name, `${summary}: ${namesOf(name, commands)}`] as const
  );
  return [
    "netwright: classic Internet protocols, client and server, in a sandbox",
    "",
    "  netwright ftp get ftp://ftp.example.org/pub/README   download a file",
    "  netwright serve http --root public                   share a folder",
    "  netwright tour                                       run every program here",
    "",
    "usage: netwright COMMAND [OPERAND…] [OPTION…]",
    "",
    ...definitions(rows),
    "",
    "netwright COMMAND --help explains a command, netwright help FAMILY a family.",
    ...wrap(`Topics: netwright help ${HELP_TOPICS.map(({ name }) => name).join(", ")}.`, 0),
  ].join("\n");
}

/** The commands of a family: `ftp cat, get, ls`. */
function namesOf(family: string, commands: readonly CommandEntry[]): string {
  const names = commandsOf(family, commands).map(({ name }) => name);
  return names.map((name, index) => {
    const [first, second] = name.split(" ");
    const before = names[index - 1];
    return second !== undefined && before?.startsWith(`${first} `) ? second : name;
  }).join(", ");
}

/**
 * Writes the help of one family, such as `ftp`.
 *
 * @param word A family's name, or the first word of its commands.
 * @param commands All commands.
 * @returns Lines without the final line feed.
 */
export function familyHelp(word: string, commands: readonly CommandEntry[]): string {
  const named = FAMILIES.find(({ name }) => name === word);
  const members = named !== undefined
    ? commandsOf(word, commands)
    : commands.filter(({ name }) => name.startsWith(`${word} `));
  const family = named ?? FAMILIES.find(({ name }) => name === members[0]?.family);
  const servers = family?.servers ?? [];
  return [
    `netwright ${word}: ${family?.summary}`,
    "",
    ...(named === undefined ? [] : [`  netwright ${named.example}`, ""]),
    ...summaries(members),
    "",
    ...(servers.length === 0 ? [] : wrap(`Servers: netwright serve ${servers.join(", ")}.`, 0)),
    "netwright COMMAND --help explains a command.",
  ].join("\n");
}

/**
 * Writes the list of all commands with their summaries.
 *
 * @param commands All commands.
 * @returns Lines without the final line feed.
 */
export function commandList(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return FAMILIES.flatMap((family, index) => [
    ...(index === 0 ? [] : [""]),
    headingOf(family),
    ...summaries(commandsOf(family.name, commands), width),
  ]).join("\n");
}

function headingOf({ name, summary }: Family): string {
  return `${name}: ${summary}`;
}

function summaries(members: readonly CommandEntry[], width?: number): string[] {
  return definitions(members.map(({ name, summary }) => [name, summary] as const), width);
}

function commandsOf(family: string, commands: readonly CommandEntry[]): readonly CommandEntry[] {
  return commands.filter((entry) => entry.family === family);
}
