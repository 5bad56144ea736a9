/**
 * A row of the tour.
 *
 * @module
 */

import {
  dial,
  LineReader,
  parseEndpoint,
  PendingCall,
  poll,
  type Pollable,
  writeAll,
} from "../../../../net/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 16. */
export const row: TourRow = {
  id: "16",
  program: "poll()",
  checked:
    "a client, a line and a datagram, each reported when it is there; nothing lost in between",
  async run({ network, signal }) {
    using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
    const socket = network.listenDatagram({
      transport: "udp",
      hostname: "127.0.0.1",
      port: 0,
    });
    try {
      const clients = new PendingCall(() => listener.accept());
      const datagrams = new PendingCall(() => socket.receive());
      const sources: Pollable[] = [clients, datagrams];
      expect((await poll(sources, { timeoutMs: 10, signal })).length === 0, "ready too early");
      const { port } = listener.addr as Deno.NetAddr;
      using client = await dial(parseEndpoint(`127.0.0.1:${port}`), { network, signal });
      expect((await poll(sources, { signal }))[0] === clients, "the client was not seen");
      using connection = clients.take()!;
      const reader = new LineReader(connection);
      sources.push(reader);
      await socket.send(Uint8Array.of(1, 2, 3), socket.addr);
      await writeAll(client, new TextEncoder().encode("hello\r\n"));
      const seen = new Set<Pollable>();
      while (seen.size < 2) {
        for (const source of await poll(sources, { timeoutMs: 5000, signal })) {
          seen.add(source);
          if (source === reader) expect(reader.takeLine() === "hello", "the line is another");
          if (source === datagrams) expect(datagrams.take()?.[0].length === 3, "it is too short");
        }
      }
      expect(seen.has(reader) && seen.has(datagrams), "something else was ready");
    } finally {
      socket.close();
    }
  },
};
