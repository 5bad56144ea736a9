/**
 * Talks like a psychotherapist, with each client by itself (10.1 of the book's list).
 *
 * @module
 */

import { fromDocument } from "../core/document.ts";
import { LineReader, LineWriter } from "../../net/mod.ts";
import { DOCTOR, Eliza, type ElizaScript, parseElizaScript } from "./mod.ts";
import type { ServiceModule } from "../core/service.ts";

/** Longest sentence, in bytes: more than a terminal lets through. */
const MAX_LINE_BYTES = 8192;

/** The script. */
interface Knowledge {
  /** A script that was checked; undefined for DOCTOR. */
  readonly script: unknown;
}

/** The eliza service. */
export const service: ServiceModule<Knowledge> = {
  name: "eliza",
  summary: "simulate a psychotherapist (ELIZA)",
  port: 12000,
  isForPeople: true,
  options: { script: { value: "FILE", help: "what to say, in YAML", yaml: "values" } },
  parse: (args) => ({
    script: fromDocument(args, "script", (script) => {
      parseElizaScript(script);
      return script;
    }),
  }),
  async stream({ script }) {
    const { Filler } = await import("../../protocols/wrap/mod.ts");
    const fill = (text: string, columns: number): string[] => {
      const filler = new Filler(columns);
      return [...filler.push(text), ...filler.end()];
    };
    const knowledge: ElizaScript = script === undefined ? DOCTOR : parseElizaScript(script);
    return {
      name: "eliza",
      busy: new TextEncoder().encode("I have no room for another patient. Come back later.\r\n"),
      async handle(connection, { terminal }): Promise<void> {
        const eliza = new Eliza(knowledge);
        const reader = new LineReader(connection, { maxLineBytes: MAX_LINE_BYTES });
        const writer = new LineWriter(connection);
        /** At a terminal, a long answer is broken between words. */
        const say = async (text: string): Promise<void> => {
          for (const line of terminal === undefined ? [text] : fill(text, terminal.columns)) {
            writer.queueLine(line);
          }
          await writer.flush();
        };
        await say(eliza.greeting);
        for await (const line of reader.lines()) {
          if (line.trim() === "") continue;
          await say(eliza.answer(line));
          if (eliza.ended) return;
        }
      },
    };
  },
};
