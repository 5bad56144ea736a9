/**
 * A row of the tour.
 *
 * @module
 */

import { memoryNetwork } from "../../../../net/mod.ts";
import { connectEcho } from "../../../../protocols/echo/mod.ts";
import { serveDatagrams } from "../../../../servers/mod.ts";
import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

const MESSAGES = 200;

/** The row of 18.2. */
export const row: TourRow = {
  id: "18.2",
  program: "echo --udp",
  checked: "numbered datagrams; a network that loses three of ten, each message once all the same",
  async run(tour) {
    const server = await tour.serve("echo", { udp: true });
    expectOutput(await tour.command(["echo", "--udp", server], "one\ntwo\n"), /^one\ntwo\n$/);
    const network = memoryNetwork({
      time: "real",
      datagrams: { loss: 0.3, duplication: 0.3, reordering: 0.3, delayMs: 1, jitterMs: 2 },
    });
    const echo = { name: "echo", reply: (message: Uint8Array) => message };
    const endpoint = { transport: "udp", hostname: "127.0.0.1", port: 0 } as const;
    await using bad = serveDatagrams(echo, { network, endpoint });
    using client = await connectEcho(bad.endpoint, { network, timeoutMs: 500, tries: 100 });
    const answered = await Promise.all(
      Array.from({ length: MESSAGES }, async (_, n) => {
        for (let tries = 0; tries < 10; tries++) {
          const back = await client.echo(Uint8Array.of(n)).catch(() => undefined);
          if (back !== undefined) return back.message[0] === n;
        }
        return false;
      }),
    );
    const { resent, duplicates } = client.statistics!;
    expect(answered.every((isRight) => isRight), "a message was lost");
    return `${resent} datagrams sent again, ${duplicates} came twice`;
  },
};
