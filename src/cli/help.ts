/**
 * Help that fits one screen and starts with an example.
 *
 * @module
 */

import type { Command, CommandEntry, OptionSpecs } from "./command.ts";
import { COMMON_OPTIONS } from "./common_options.ts";

/**
 * Writes the help of one command.
 *
 * @param command Which.
 * @returns Lines without the final line feed.
 */
export function commandHelp(command: Command): string {
  const lines = [
    `netwright ${command.name}: ${command.summary}`,
    "",
    ...command.examples.map((example) => `  netwright ${example}`),
    "",
    `usage: netwright ${`${command.name} ${command.operands}`.trim()} [OPTIONS]`,
  ];
  if (command.details !== undefined) lines.push("", command.details);
  const own = Object.keys(command.options ?? {}).length > 0;
  if (own) lines.push("", ...optionLines(command.options!));
  lines.push("", ...optionLines(COMMON_OPTIONS));
  return lines.join("\n");
}

function optionLines(specs: OptionSpecs): string[] {
  const rows = Object.entries(specs).map(
    ([name, { value, optionalValue, short, help, choices }]) => {
      const shown = value === undefined ? "" : optionalValue ? `[=${value}]` : ` ${value}`;
      const spelled = `${short === undefined ? "   " : `-${short},`} --${name}${shown}`;
      return [spelled, choices === undefined ? help : `${help}: ${choices.join(", ")}`] as const;
    },
  );
  const width = Math.min(30, Math.max(...rows.map(([spelled]) => spelled.length)));
  return rows.map(([spelled, help]) => `  ${spelled.padEnd(width)}  ${help}`);
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
    "netwright: every classic Internet protocol as client and server, in one sandboxed executable",
    "",
    "  netwright daytime time.example.org       ask a host for the time of day",
    "  netwright serve echo --listen :7007      serve a protocol",
    "  netwright tour                           see everything work, on this machine",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "netwright COMMAND --help explains one; --permissions shows what it would be allowed to do.",
  ].join("\n");
}
