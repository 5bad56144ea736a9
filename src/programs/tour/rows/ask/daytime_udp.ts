/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 18.1. */
export const row: TourRow = {
  id: "18.1",
  program: "daytime --udp, time --udp",
  checked: "the time of day and the time in datagrams",
  async run(tour) {
    const daytime = await tour.serve("daytime", { udp: true });
    expectOutput(await tour.command(["daytime", "--udp", daytime]), /-UTC\n$/);
    const time = await tour.serve("time", { udp: true });
    expectOutput(await tour.command(["time", "--udp", time]), /Z [+-][012]\n$/);
  },
};
