/**
 * A row of the tour.
 *
 * @module
 */

import { formatEndpoint, parseEndpoint } from "../../../../net/mod.ts";
import { serveDatagrams } from "../../../../servers/mod.ts";
import { nameService } from "../../core/name_server.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 3.1. */
export const row: TourRow = {
  id: "3.1",
  program: "resolve",
  checked: "names from standard input, in order, failures reported one by one",
  async run(tour) {
    await using server = serveDatagrams(
      nameService({ "one.test": "192.0.2.1", "two.test": "192.0.2.2" }),
      {
        network: tour.network,
        endpoint: parseEndpoint("127.0.0.1:0", { transport: "udp" }),
      },
    );
    const { status, stdout, stderr } = await tour.command(
      ["resolve", "--server", formatEndpoint(server.endpoint)],
      "two.test\nnone.test\none.test\n",
    );
    expect(stdout === "two.test\tA\t192.0.2.2\none.test\tA\t192.0.2.1\n", `printed ${stdout}`);
    expect(/none\.test: name not found/.test(stderr) && status === 4, `printed ${stderr}`);
  },
};
