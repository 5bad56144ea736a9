/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveSite } from "./_site.ts";

/** The row of 5.3. */
export const row: TourRow = {
  id: "5.3",
  program: "fetch",
  checked: "a page over a socket, byte by byte as it is served",
  async run(tour) {
    const site = await serveSite(tour);
    const { stdout, stderr } = expectOutput(
      await tour.command(["fetch", `${site}/agent`, "--print"]),
      /^netwright\/\d/,
    );
    expect(stderr === "", stdout + stderr);
  },
};
