/**
 * A row of the tour.
 *
 * @module
 */

import { dial, parseEndpoint } from "../../../../net/mod.ts";
import { LineTerminal, TelnetClient } from "../../../../protocols/telnet/mod.ts";
import { streamService } from "../../../../services/mod.ts";
import { Secret } from "../../../../protocols/wire/mod.ts";
import { Conversation, parseScript, runScript } from "../../../dialogue/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The dialogue, as YAML would be read. */
const STEPS = [
  { expect: "your problem." },
  { send: "${said}" },
  { expect: { pattern: "(?<answer>In \\w+ \\w+)\\?" } },
  { if: { variable: "answer", equals: "In what way" }, then: [{ print: "${answer}" }] },
  { repeat: "2", steps: [{ send: "${said}" }, { expect: "?", save: "before" }] },
  { send: "I remember ${answer}" },
  { secret: { env: "WORD", after: "?" } },
  { expect: [{ text: "Goodbye", then: [{ print: "over" }] }, { end: "true" }] },
];

/** The row of 6.5. */
export const row: TourRow = {
  id: "6.5",
  program: "telnet script",
  checked: "a dialogue by steps: patterns, variables, a secret behind its question, the end",
  async run(tour) {
    const eliza = await streamService("eliza");
    const where = await tour.serveStream((connection, context) =>
      eliza.handle(new LineTerminal(connection), context)
    );
    const content = STEPS;
    const file = { file: "row", content, positionOf: () => ({ line: 1, column: 1 }) };
    const { script, problems } = await parseScript(file, {
      include: () => Promise.reject(new Error("there is no other file")),
    });
    expect(problems.length === 0, JSON.stringify(problems));
    const client = new TelnetClient(await dial(parseEndpoint(where), { network: tour.network }));
    using conversation = new Conversation(client, { peer: where, signal: tour.signal });
    const printed: string[] = [];
    await runScript(script, conversation, {
      compile: (pattern) => new RegExp(pattern),
      secret: () => Promise.resolve(new Secret("bye")),
      print: (text) => void printed.push(text),
      variables: { said: "Men are all alike." },
      timeoutMs: 5000,
    });
    expect(printed.join("|") === "In what way|over", `printed ${printed.join("|")}`);
  },
};
