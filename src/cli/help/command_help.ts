/**
 * The help of one command, which fits one screen and starts with an example.
 *
 * @module
 */

import type { Command } from "../command/command.ts";
import { COMMON_OPTIONS } from "../command/common_options.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { definitions, wrap } from "./wrap.ts";

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
    const one = `netwright ${command.name} ${command.operands} --help has its options`;
    return [...lines, "", `${one}, help ${command.name} those of all.`].join("\n");
  }
  if (command.details !== undefined) lines.push("", ...wrap(command.details, 0));
  if (shown.length > 0) lines.push("", ...optionLines(Object.fromEntries(shown)));
  if (whole && command.manual !== undefined) lines.push("", command.manual);
  if (command.options !== COMMON_OPTIONS) lines.push("", ...commonLines());
  const more = command.manual !== undefined || shown.length < options.length;
  if (more && !whole) {
    const name = command.helpName ?? command.name;
    lines.push(`  more: netwright help ${name}; these options: netwright help help`);
  }
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
  return definitions(rows);
}
