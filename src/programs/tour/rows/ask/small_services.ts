/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 4.2. */
export const row: TourRow = {
  id: "4.2",
  program: "discard, chargen, qotd, finger",
  checked: "each client with each server",
  async run(tour) {
    const discard = await tour.command(["discard", await tour.serve("discard")], "12345");
    expectOutput(discard, /^5 bytes sent /);
    const chargen = await tour.command(["chargen", "--bytes", "148", await tour.serve("chargen")]);
    expect(expectOutput(chargen, /^!"#/).stdout.length === 148, "the count differs");
    expectOutput(await tour.command(["qotd", await tour.serve("qotd")]), /./);
    expectOutput(await tour.command(["finger", `@${await tour.serve("finger")}`]), /No one/);
  },
};
