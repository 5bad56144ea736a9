/**
 * `netwright eliza`: a talk with the psychotherapist (10.1 of the book's list).
 *
 * @module
 */

import { LineReader } from "../../../net/mod.ts";
import { DOCTOR, Eliza, parseElizaScript } from "../../../services/eliza/mod.ts";
import type { Command } from "../../command/command.ts";
import { readYaml } from "../../serving/yaml.ts";

/** The command. */
export const command: Command = {
  name: "eliza",
  summary: "talk to a psychotherapist, who is not very bright",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["eliza", "eliza --script my.yaml < sentences"],
  details:
    "After Joseph Weizenbaum's program of 1966. A sentence a line; bye or Control-D ends it.\n" +
    "serve eliza lets others talk to it.",
  options: { script: { value: "FILE", help: "what to say, in YAML" } },
  capabilities(args) {
    const script = args.value("script");
    return script === undefined ? {} : { read: [script] };
  },
  async run(args, { stdin, stdout }) {
    const file = args.value("script");
    const eliza = new Eliza(file === undefined ? DOCTOR : parseElizaScript(await readYaml(file)));
    const say = async (answer: string, sentence?: string): Promise<void> => {
      if (args.has("json")) {
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
