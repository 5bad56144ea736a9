/**
 * A row of the tour.
 *
 * @module
 */

import { formatEndpoint, memoryNetwork } from "../../../../net/mod.ts";
import { discoverChat } from "../../../../protocols/chat/mod.ts";
import { serveDatagrams } from "../../../../servers/mod.ts";
import { datagramService } from "../../../../services/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 20. */
export const row: TourRow = {
  id: "20",
  program: "discover chat",
  checked: "a datagram for all hosts finds the one that is a chat server, in memory",
  async run() {
    const network = memoryNetwork();
    const serve = async (name: string, port: number) =>
      serveDatagrams(await datagramService(name), {
        network,
        endpoint: { transport: "udp", hostname: "0.0.0.0", port },
      });
    await using _chat = await serve("chat", 2027);
    await using _other = await serve("daytime", 2028);
    const options = { addresses: ["255.255.255.255"], waitMs: 100 };
    const found = await Array.fromAsync(discoverChat({ network, ...options }));
    expect(found.length === 1, `${found.length} servers were found`);
    expect(formatEndpoint(found[0]!).endsWith(":2027"), "another server was found");
  },
};
