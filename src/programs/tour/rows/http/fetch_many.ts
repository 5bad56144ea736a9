/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveSite } from "./_site.ts";

/** The row of 13.3. */
export const row: TourRow = {
  id: "13.3",
  program: "fetch URL…",
  checked: "sixty pages of two sites at once, results in the order of the input",
  async run(tour) {
    const sites = [await serveSite(tour), await serveSite(tour)];
    const urls = Array.from({ length: 60 }, (_, index) => `${sites[index % 2]}/agent?${index}`);
    const { stdout } = expectOutput(await tour.command(["fetch", ...urls, "--in-order"]), /^200\t/);
    const came = stdout.trimEnd().split("\n").map((line) => line.split("\t").at(-1));
    expect(came.join() === urls.join(), "they are not in order");
  },
};
