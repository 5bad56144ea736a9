/**
 * A row of the tour.
 *
 * @module
 */

import { dial, parseEndpoint, readToEnd } from "../../../../net/mod.ts";
import { serveMultiplex } from "../../../../servers/mod.ts";
import { streamService } from "../../../../services/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 4.2. */
export const row: TourRow = {
  id: "4.2",
  program: "serve echo",
  checked: "who connects is logged; limits, idle time-out and orderly shutdown hold",
  async run({ network }) {
    const service = await streamService("echo");
    const kinds: string[] = [];
    await using server = serveMultiplex(service, {
      network,
      endpoint: parseEndpoint("127.0.0.1:0"),
      maxConnectionsPerClient: 1,
      idleTimeoutMs: 100,
      log: ({ kind }) => kinds.push(kind),
    });
    using first = await dial(server.endpoint, { network });
    await first.write(Uint8Array.of(1));
    await first.read(new Uint8Array(1));
    using second = await dial(server.endpoint, { network });
    expect((await readToEnd(second)).length === 0, "a second connection was let in");
    expect((await readToEnd(first)).length === 0, "a silent connection was not closed");
    await server.shutdown(1000);
    for (const kind of ["connected", "refused", "disconnected", "shutdown", "stopped"]) {
      expect(kinds.includes(kind), `nothing was logged of ${kind}: ${kinds}`);
    }
  },
};
