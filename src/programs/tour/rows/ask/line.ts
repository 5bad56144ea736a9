/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 1.1. */
export const row: TourRow = {
  id: "1.1",
  program: "line",
  checked: "first line of a server and of standard input; a refusal is reported",
  async run(tour) {
    const where = await tour.serve("daytime");
    expectOutput(await tour.command(["line", where]), /^\w+day, \w+ \d+, \d{4} .*-UTC\n$/);
    const refused = await tour.command(["line", "127.0.0.1:1"]);
    expectFailure(refused, 1, /127\.0\.0\.1:1: connection refused/);
    const file = await tour.command(["line", "-"], "first\nsecond\n");
    expectOutput(file, "first\n");
  },
};
