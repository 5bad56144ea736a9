/**
 * `netwright eliza`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { ElizaPlan } from "../../commands/about/eliza.ts";
import { LineReader, NetwrightError, UsageError } from "../../../net/mod.ts";
import { DOCTOR, Eliza, type ElizaScript, parseElizaScript } from "../../../services/eliza/mod.ts";
import { readYaml } from "../../serving/yaml.ts";

/** The command, in the sandbox. */
export const action: Action<ElizaPlan> = {
  async run({ script: file }, { stdin, stdout, json }) {
    const eliza = new Eliza(
      file === undefined ? DOCTOR : await readScript(file),
    );
    const say = async (answer: string, sentence?: string): Promise<void> => {
      if (json) {
        await stdout.json({ ...(sentence !== undefined && { sentence }), answer });
      } else await stdout.line(answer);
      if (stdin.isTerminal && stdout.isTerminal && !eliza.ended) await stdout.text("> ");
    };
    await say(eliza.greeting);
    const reader = new LineReader(stdin, { maxLineBytes: 65_536 });
    for await (const line of reader.lines()) {
      if (line.trim() !== "") await say(eliza.answer(line), line);
      if (eliza.ended) return;
    }
    if (stdin.isTerminal && stdout.isTerminal) await stdout.line();
  },
};

/** Reads a script; its errors name the file. */
async function readScript(file: string): Promise<ElizaScript> {
  const content = await readYaml(file, "values");
  try {
    return parseElizaScript(content);
  } catch (error) {
    if (!(error instanceof NetwrightError)) throw error;
    throw new UsageError(`${file}: ${error.reason}`, { cause: error });
  }
}
