/**
 * A row of the tour.
 *
 * @module
 */

import { type Connection, dial, LineReader, parseEndpoint, writeAll } from "../../../../net/mod.ts";
import { serveMultiplex, SessionSet } from "../../../../servers/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

const READERS = 5;
const LINES = 200;

/** The row of 13.1 and 13.2. */
export const row: TourRow = {
  id: "13.1",
  program: "SessionSet",
  checked:
    "each line reaches all in order; a client that does not read is choked and dropped alone",
  async run({ network, signal }) {
    let chokes = 0;
    let opened = 0;
    const all = Promise.withResolvers<void>();
    await using sessions = new SessionSet({
      maxLineBytes: 100_000,
      highWaterBytes: 100_000,
      maxQueuedBytes: 1_000_000,
      onChoke: (_, choked) => choked && chokes++,
    });
    const ends: unknown[] = [];
    const serving = (async () => {
      for await (const event of sessions) {
        if (event.kind === "open" && ++opened > READERS) all.resolve();
        if (event.kind === "line") sessions.broadcast(event.line);
        if (event.kind === "end") ends.push(event.error);
      }
    })();
    await using server = serveMultiplex({
      name: "chat",
      handle: (connection) => sessions.add(connection).ended,
    }, { network, endpoint: parseEndpoint("127.0.0.1:0"), signal });
    const connect = (): Promise<Connection> => dial(server.endpoint, { network, signal });
    using _silent = await connect();
    const readers = await Promise.all(Array.from({ length: READERS }, connect));
    // All must be there before the first speaks.
    await all.promise;
    const tail = "x".repeat(60_000);
    const receivers = readers.map((connection) =>
      new LineReader(connection, { maxLineBytes: 100_000 })
    );
    for (let i = 0; i < LINES; i++) {
      await writeAll(readers[0]!, new TextEncoder().encode(`${i} ${tail}\r\n`));
      for (const receiver of receivers) {
        expect(await receiver.readLine() === `${i} ${tail}`, `line ${i} is missing`);
      }
    }
    for (const connection of readers) connection.close();
    await sessions.end(2000);
    await serving;
    expect(chokes > 0, "no client was choked");
    expect(ends.filter((error) => error !== undefined).length >= 1, "the silent one was kept");
  },
};
