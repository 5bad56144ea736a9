/**
 * A row of the tour.
 *
 * @module
 */

import { LineReader, writeAll } from "../../../../net/mod.ts";
import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 5.2. */
export const row: TourRow = {
  id: "5.2",
  program: "gab",
  checked: "both directions at once, CRLF put in, half-close at the end of input",
  async run(tour) {
    let seen = "";
    const where = await tour.serveStream(async (connection) => {
      await writeAll(connection, new TextEncoder().encode("220 ready\r\n"));
      const reader = new LineReader(connection, { ending: "crlf" });
      for await (const line of reader.lines()) {
        seen += `${line}|`;
        await writeAll(connection, new TextEncoder().encode(`250 ${line}\r\n`));
      }
      await writeAll(connection, new TextEncoder().encode("221 bye\r\n"));
    });
    const result = await tour.command(["gab", "--crlf", where], "HELO\nNOOP\n");
    expectOutput(result, "220 ready\r\n250 HELO\r\n250 NOOP\r\n221 bye\r\n");
    expect(seen === "HELO|NOOP|", `the server saw ${seen}`);
  },
};
