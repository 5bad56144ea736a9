/**
 * Fills the lines of a client, when it has said all.
 *
 * @module
 */

import { LineReader, writeAll } from "../../net/mod.ts";
import { Filler } from "../../protocols/wrap/mod.ts";
import type { Service } from "../core/service.ts";

/** So many characters go together: a line by itself would cost a call of the system. */
const MANY = 16_384;

/**
 * Fills lines.
 *
 * @param width Their width in characters.
 * @returns The service.
 */
export function wrapService(width: number): Service {
  return {
    name: "wrap",
    async handle(connection): Promise<void> {
      const reader = new LineReader(connection, { maxLineBytes: 1024 * 1024 });
      const filler = new Filler(width);
      let waiting = "";
      const report = async (): Promise<void> => {
        const bytes = new TextEncoder().encode(waiting);
        waiting = "";
        await writeAll(connection, bytes);
      };
      for await (const line of reader.lines()) {
        for (const full of filler.push(line)) waiting += `${full}\n`;
        if (waiting.length >= MANY) await report();
      }
      for (const rest of filler.end()) waiting += `${rest}\n`;
      await report();
    },
  };
}
