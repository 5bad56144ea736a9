/**
 * Help that fits one screen and starts with an example.
 *
 * @module
 */

import type { Command } from "./command.ts";
import type { CommandEntry } from "./context.ts";
import type { OptionSpecs } from "./option_spec.ts";
import { COMMON_OPTIONS } from "./common_options.ts";

/**
 * Writes the help of one command.
 *
 * @param command Which.
 * @param whole Whether to show more than one screen, where there is more.
 * @returns Lines without the final line feed.
 */
export function commandHelp(command: Command, whole: boolean = false): string {
  const options = Object.entries(command.options ?? {});
  const shown = options.filter(([, { rare }]) => whole || !rare);
  const lines = [
    ...wrap(`netwright ${command.name}: ${command.summary}`, 0),
    "",
    ...command.examples.map((example) => `  netwright ${example}`),
    "",
    `usage: netwright ${`${command.name} ${command.operands}`.trim()} [OPTIONS]` +
    (command.rest ? ` -- ${command.rest}` : ""),
  ];
  if (command.list !== undefined) lines.push("", ...command.list);
  if (command.list !== undefined && !whole) {
    // The options are those of one of them.
    return [...lines, `netwright ${command.name} ${command.operands} --help explains one.`]
      .join("\n");
  }
  if (command.details !== undefined) lines.push("", ...wrap(command.details, 0));
  if (shown.length > 0) lines.push("", ...optionLines(Object.fromEntries(shown)));
  if (whole && command.manual !== undefined) lines.push("", command.manual);
  if (command.options !== COMMON_OPTIONS) lines.push("", ...commonLines());
  const more = command.manual !== undefined || shown.length < options.length;
  if (more && !whole) lines.push(`  more: netwright help ${command.name}`);
  return lines.join("\n");
}

/** The options of all commands, which need no line each: the help of `help` explains them. */
function commonLines(): string[] {
  const names = Object.entries(COMMON_OPTIONS).map(([name, { short }]) =>
    short === undefined ? `--${name}` : `-${short} --${name}`
  );
  return wrap(names.join("  "), 2).map((line) => `  ${line}`);
}

function optionLines(specs: OptionSpecs): string[] {
  const rows = Object.entries(specs).map(
    ([name, { value, optionalValue, short, help, choices }]) => {
      const shown = value === undefined ? "" : optionalValue ? `[=${value}]` : ` ${value}`;
      const spelled = `${short === undefined ? "   " : `-${short},`} --${name}${shown}`;
      return [spelled, choices === undefined ? help : `${help}: ${choices.join(", ")}`] as const;
    },
  );
  const width = Math.max(...rows.map(([spelled]) => spelled.length));
  return rows.flatMap(([spelled, help]) => {
    const [first = "", ...others] = wrap(help, width + 4);
    const indent = " ".repeat(width + 4);
    return [`  ${spelled.padEnd(width)}  ${first}`, ...others.map((line) => indent + line)];
  });
}

/** The narrowest terminal that most people have. */
const COLUMNS = 80;

/** Breaks text between words into lines that fit beside an indentation. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > COLUMNS - indent && line !== "") {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/**
 * Writes the list of a family's commands, such as `ftp`.
 *
 * @param family Its name.
 * @param commands All commands.
 * @returns Lines without the final line feed.
 */
export function familyHelp(family: string, commands: readonly CommandEntry[]): string {
  const members = commands.filter(({ name }) => name.startsWith(`${family} `));
  const width = Math.max(...members.map(({ name }) => name.length));
  return [
    ...members.map(({ name, summary }) => `  netwright ${name.padEnd(width)}  ${summary}`),
    "",
    `netwright ${family} COMMAND --help explains one.`,
  ].join("\n");
}

/**
 * Writes the list of commands.
 *
 * @param commands All of them.
 * @returns Lines without the final line feed.
 */
export function generalHelp(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "netwright: every classic Internet protocol, client and server, in a sandbox",
    "",
    "  netwright daytime time.example.org       ask a host for the time of day",
    "  netwright serve echo --listen :7007      serve a protocol",
    "  netwright tour                           see everything work, on this machine",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "netwright COMMAND --help explains one, netwright help help the options of all.",
  ].join("\n");
}
