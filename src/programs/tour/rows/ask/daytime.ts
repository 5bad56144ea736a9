/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 3.3. */
export const row: TourRow = {
  id: "3.3",
  program: "daytime, time",
  checked: "several hosts at once; the time is ours to the second",
  async run(tour) {
    const [one, two] = [await tour.serve("daytime"), await tour.serve("daytime")];
    const { stdout } = expectOutput(await tour.command(["daytime", one, two]), /-UTC\n.*-UTC\n$/);
    expect(stdout.startsWith(`${one}\t`), "the hosts are not in order");
    const time = await tour.serve("time");
    expectOutput(await tour.command(["time", time]), /^\d{4}-.*Z [+-][012]\n$/);
  },
};
