/**
 * A row of the tour.
 *
 * @module
 */

import { LineReader, memoryNetwork, writeAll } from "../../../../net/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 1.2. */
export const row: TourRow = {
  id: "1.2",
  program: "LineReader",
  checked: "lines, counted bytes and lines again from a network that delivers byte by byte",
  async run() {
    const network = memoryNetwork({ maxReadBytes: 1 });
    using listener = network.listen({ port: 25 });
    const accepting = listener.accept();
    using client = await network.connect({ port: 25 });
    using server = await accepting;
    const sending = writeAll(server, new TextEncoder().encode("one\r\n\0\x01\x02two\r\nthree"))
      .then(() => server.closeWrite());
    const reader = new LineReader(client);
    expect(await reader.readLine() === "one", "the first line differs");
    expect((await reader.readExact(3)).join() === "0,1,2", "the counted bytes differ");
    expect(await reader.readLine() === "two", "the line after the bytes differs");
    expect(await reader.readLine() === "three" && reader.unterminated, "the last line differs");
    expect(await reader.readLine() === undefined, "no end");
    await sending;
  },
};
