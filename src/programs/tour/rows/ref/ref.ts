/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of B. */
export const row: TourRow = {
  id: "B",
  program: "ref errors",
  checked: "error names, numbers and meanings",
  async run(tour) {
    expectOutput(await tour.command(["ref", "errors", "ECONNREFUSED"]), /^ECONNREFUSED\t\d+\t/);
  },
};
