/**
 * A row of the tour.
 *
 * @module
 */

import {
  ConnectError,
  dial,
  DisconnectedError,
  LineReader,
  memoryNetwork,
  type MemoryNetworkOptions,
  parseEndpoint,
  TimeoutError,
  writeAll,
} from "../../../../net/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

const CONNECTING: readonly [MemoryNetworkOptions, (error: unknown) => boolean, string][] = [
  [{ connecting: "refuse" }, (e) => e instanceof ConnectError && e.kind === "refused", "refused"],
  [
    { connecting: "unreachable" },
    (e) => e instanceof ConnectError && e.kind === "unreachable",
    "unreachable",
  ],
  [{ connecting: "black-hole" }, (e) => e instanceof TimeoutError, "time-out"],
];

const TALKING: readonly [MemoryNetworkOptions, (error: unknown) => boolean, string][] = [
  [
    { resetAfterBytes: 3 },
    (e) => e instanceof DisconnectedError && e.kind === "reset",
    "reset in the middle of a line",
  ],
  [
    { halfCloseAfterBytes: 3 },
    (e) => e instanceof DisconnectedError && e.kind === "closed",
    "end in the middle of a line",
  ],
];

/** The row of 4.4. */
export const row: TourRow = {
  id: "4.4",
  program: "exceptional conditions",
  checked: "refused, unreachable, time-out, reset and half-close: one typed error each",
  async run() {
    const endpoint = parseEndpoint("192.0.2.1:25");
    for (const [faults, fits, what] of CONNECTING) {
      const dialing = dial(endpoint, { network: memoryNetwork(faults), timeoutMs: 20 });
      expect(fits(await dialing.catch((error) => error)), `${what} gave another error`);
    }
    for (const [faults, fits, what] of TALKING) {
      const network = memoryNetwork({ toClient: faults });
      using listener = network.listen({ port: 25 });
      const accepting = listener.accept();
      using client = await dial(endpoint, { network });
      using server = await accepting;
      const sending = writeAll(server, new TextEncoder().encode("220 ready\r\n")).catch(() => {});
      const reader = new LineReader(client, { unfinished: "error" });
      expect(fits(await reader.readLine().catch((error) => error)), `${what} gave another error`);
      await sending;
    }
  },
};
