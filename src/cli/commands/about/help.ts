/**
 * `netwright help`: the list of commands, or the help of one.
 *
 * @module
 */

import { COMMON_OPTIONS } from "../../command/common_options.ts";
import type { Command } from "../../command/command.ts";
import { UsageError } from "../../../net/mod.ts";
import { familyOf, findCommand } from "../../command/find_command.ts";
import { commandHelp, familyHelp, generalHelp } from "../../command/help.ts";
import { COMMANDS } from "../index.ts";

/** The command. */
export const command: Command = {
  name: "help",
  summary: "list all commands, or explain one",
  operands: "[COMMAND]",
  count: { min: 0, max: 2 },
  choices: () => COMMANDS.map(({ name }) => name),
  examples: ["help daytime"],
  options: COMMON_OPTIONS,
  details: "Its options are those of all commands.",
  capabilities: () => ({}),
  async run(args, context) {
    const family = familyOf(args.operands);
    if (family !== undefined) return await context.stdout.line(familyHelp(family, COMMANDS));
    const found = await findCommand(args.operands);
    const [extra] = found?.words ?? [];
    if (found !== undefined && extra !== undefined && found.command.operands !== extra) {
      throw new UsageError(`${found.command.name} has no ${JSON.stringify(extra)}`);
    }
    if (args.has("json")) {
      if (found !== undefined) return await context.stdout.json(objectOf(found.command));
      for (const { name, summary } of COMMANDS) await context.stdout.json({ name, summary });
      return;
    }
    await context.stdout.line(
      found === undefined ? generalHelp(COMMANDS) : commandHelp(found.command, true),
    );
  },
};

/** What the help says of a command, for a program. */
function objectOf(command: Command): unknown {
  const { name, summary, operands, rest, examples, details } = command;
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, spec]) => {
    const { short, value, help, many = false, choices, optionalValue = false } = spec;
    return { name, short, value, help, many, optionalValue, choices };
  });
  return { name, summary, operands, rest, examples, details, options };
}
