/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 22.1. */
export const row: TourRow = {
  id: "22.1",
  program: "serve wrap, wrap",
  checked: "lines until half-close, filled lines back; here over TCP",
  async run(tour) {
    const server = await tour.serve("wrap");
    expectOutput(
      await tour.command(
        ["wrap", server],
        "one two three four five six seven\neight nine ten\n\nend\n",
      ),
      /^one two three four five six seven eight\nnine ten\n\nend\n$/,
    );
  },
};
