/**
 * A row of the tour.
 *
 * @module
 */

import { dial, memoryNetwork, parseEndpoint } from "../../../../net/mod.ts";
import { connectEcho } from "../../../../protocols/echo/mod.ts";
import { serveMultiplex } from "../../../../servers/mod.ts";
import { streamService } from "../../../../services/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of S.4. */
export const row: TourRow = {
  id: "S.4",
  program: "memoryNetwork",
  checked: "client and server in memory with delays, jitter, narrow bandwidth and partial writes",
  async run() {
    const network = memoryNetwork({
      ...{ delayMs: 500, jitterMs: 100, bytesPerSecond: 1000, maxReadBytes: 7, maxWriteBytes: 5 },
    });
    const service = await streamService("echo");
    const endpoint = parseEndpoint("127.0.0.1:7");
    await using server = serveMultiplex(service, { network, endpoint });
    using client = await connectEcho(server.endpoint, { network });
    const { message } = await client.echo(new TextEncoder().encode("hello, virtual hours"));
    expect(new TextDecoder().decode(message) === "hello, virtual hours", "the echo differs");
    using other = await dial(endpoint, { network });
    await other.closeWrite();
    expect(await other.read(new Uint8Array(1)) === null, "the half-close was not seen");
  },
};
