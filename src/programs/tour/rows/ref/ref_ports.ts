/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of C. */
export const row: TourRow = {
  id: "C",
  program: "ref ports, multicast",
  checked: "assigned ports and multicast groups, found by word",
  async run(tour) {
    expectOutput(await tour.command(["ref", "ports", "gopher"]), /^gopher\t70\t/);
    expectOutput(await tour.command(["ref", "multicast", "mdns"]), /^224\.0\.0\.251\t/);
  },
};
