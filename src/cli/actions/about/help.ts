/**
 * `netwright help`, inside the sandbox.
 *
 * @module
 */

import type { Action, Context } from "../../command/context.ts";
import type { HelpPlan } from "../../commands/about/help.ts";
import { COMMON_OPTIONS } from "../../command/common_options.ts";
import type { Command } from "../../command/command.ts";
import { UsageError } from "../../../net/mod.ts";
import { familyOf, findCommand } from "../../command/find_command.ts";
import { bookHelp } from "../../help/book.ts";
import { commandHelp } from "../../help/command_help.ts";
import { commandList, familyHelp, generalHelp } from "../../help/list.ts";
import { HELP_TOPICS } from "../../help/topics.ts";

/** The command, in the sandbox. */
export const action: Action<HelpPlan> = {
  async run({ words }, context) {
    const { commands, stdout } = context;
    const text = await topicText(words, context);
    if (text !== undefined) return await stdout.line(text);
    const found = await findCommand(commands, words);
    const [extra] = found?.words ?? [];
    if (found !== undefined && extra !== undefined && found.command.operands !== extra) {
      throw new UsageError(`${found.command.name} has no ${JSON.stringify(extra)}`);
    }
    if (context.json) {
      if (found !== undefined) return await stdout.json(objectOf(found.command));
      for (const { name, family, summary } of commands) {
        await stdout.json({ name, family, summary });
      }
      return;
    }
    if (found === undefined) return await stdout.line(generalHelp(commands));
    await stdout.line(commandHelp(found.command, true));
    const others = words.length === 1 ? siblings(words[0]!, commands) : [];
    if (others.length > 0) await stdout.line(`\nIn the same family: ${others.join(", ")}.`);
  },
};

/** The help of a topic or a family; nothing if the words name none. */
async function topicText(
  words: readonly string[],
  { commands }: Context,
): Promise<string | undefined> {
  const [word, second] = words;
  if (word === "book" && second !== undefined) return bookHelp(second);
  const topic = HELP_TOPICS.find(({ name }) => name === word);
  if (second !== undefined && (topic !== undefined || word === "commands")) {
    throw new UsageError(`help ${word} has no ${JSON.stringify(second)}`);
  }
  if (topic !== undefined) return await topic.load();
  if (word === "commands") return commandList(commands);
  const family = familyOf(commands, words);
  return family === undefined ? undefined : familyHelp(family, commands);
}

/** The other commands of a family that has the name of a command, such as `chat`. */
function siblings(name: string, commands: Context["commands"]): string[] {
  return commands.filter((entry) => entry.family === name && entry.name !== name)
    .map((entry) => entry.name);
}

/** The description of a command, for a program. */
function objectOf(command: Command): unknown {
  const { name, summary, operands, rest, examples, details } = command;
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, spec]) => {
    const { short, value, help, many = false, choices, optionalValue = false } = spec;
    return { name, short, value, help, many, optionalValue, choices };
  });
  return { name, summary, operands, rest, examples, details, options };
}
