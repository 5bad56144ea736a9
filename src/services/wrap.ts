/**
 * Fills the lines of a client, when it has said all (22.1 of the book's list).
 *
 * @module
 */

import { LineReader, LineWriter, UsageError } from "../net/mod.ts";
import { Filler, WRAP_PATH } from "../protocols/wrap/mod.ts";
import type { ServiceModule } from "./service.ts";

/** The wrap service. */
export const service: ServiceModule = {
  name: "wrap",
  summary: "fill lines to a width",
  port: 12022,
  path: WRAP_PATH,
  options: { columns: { value: "N", help: "the width (default 40)" } },
  stream({ columns = "40" }) {
    const width = /^\d{1,4}$/.test(columns) ? Number(columns) : 0;
    if (width < 2) throw new UsageError("--columns takes a whole number, 2 to 9999");
    return {
      name: "wrap",
      async handle(connection, { traffic }): Promise<void> {
        const reader = new LineReader(connection, { maxLineBytes: 1024 * 1024 });
        const writer = new LineWriter(connection, { ending: "\n" });
        const filler = new Filler(width);
        const encoder = new TextEncoder();
        const tell = async (lines: readonly string[]): Promise<void> => {
          for (const line of lines) {
            await writer.writeLine(line);
            traffic.sent += encoder.encode(line).length + 1;
          }
        };
        for await (const line of reader.lines()) {
          traffic.received += encoder.encode(line).length + 1;
          await tell(filler.push(line));
        }
        await tell(filler.end());
      },
    };
  },
};
