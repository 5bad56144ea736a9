/**
 * `netwright eliza`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { LineReader } from "../../../net/mod.ts";
import { DOCTOR, Eliza, parseElizaScript } from "../../../services/eliza/mod.ts";
import { readYaml } from "../../serving/yaml.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, { stdin, stdout, json }) {
    const file = args.value("script");
    const eliza = new Eliza(file === undefined ? DOCTOR : parseElizaScript(await readYaml(file)));
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
});
