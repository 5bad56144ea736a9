/**
 * `netwright help`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { HelpPlan } from "../../commands/about/help.ts";
import { COMMON_OPTIONS } from "../../command/common_options.ts";
import type { Command } from "../../command/command.ts";
import { UsageError } from "../../../net/mod.ts";
import { familyOf, findCommand } from "../../command/find_command.ts";
import { commandHelp, familyHelp, generalHelp } from "../../command/help.ts";

/** The command, in the sandbox. */
export const action: Action<HelpPlan> = {
  async run({ words }, context) {
    const { commands } = context;
    const family = familyOf(commands, words);
    if (family !== undefined) return await context.stdout.line(familyHelp(family, commands));
    const found = await findCommand(commands, words);
    const [extra] = found?.words ?? [];
    if (found !== undefined && extra !== undefined && found.command.operands !== extra) {
      throw new UsageError(`${found.command.name} has no ${JSON.stringify(extra)}`);
    }
    if (context.json) {
      if (found !== undefined) return await context.stdout.json(objectOf(found.command));
      for (const { name, summary } of commands) await context.stdout.json({ name, summary });
      return;
    }
    await context.stdout.line(
      found === undefined ? generalHelp(commands) : commandHelp(found.command, true),
    );
  },
};

/** The description of a command, for a program. */
function objectOf(command: Command): unknown {
  const { name, summary, operands, rest, examples, details } = command;
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, spec]) => {
    const { short, value, help, many = false, choices, optionalValue = false } = spec;
    return { name, short, value, help, many, optionalValue, choices };
  });
  return { name, summary, operands, rest, examples, details, options };
}
