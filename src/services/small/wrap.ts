/**
 * Fills the lines of a client, when it has said all (22.1 of the book's list).
 *
 * @module
 */

import { LineReader, UsageError, writeAll } from "../../net/mod.ts";
import { Filler, WRAP_PATH } from "../../protocols/wrap/mod.ts";
import type { ServiceModule } from "../core/service.ts";

/** So many characters go together: a line by itself would cost a call of the system. */
const MANY = 16_384;

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
        const filler = new Filler(width);
        let waiting = "";
        const tell = async (): Promise<void> => {
          const bytes = new TextEncoder().encode(waiting);
          waiting = "";
          await writeAll(connection, bytes);
          traffic.sent += bytes.length;
        };
        for await (const line of reader.lines()) {
          traffic.received = reader.position;
          for (const full of filler.push(line)) waiting += `${full}\n`;
          if (waiting.length >= MANY) await tell();
        }
        for (const rest of filler.end()) waiting += `${rest}\n`;
        await tell();
      },
    };
  },
};
