/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 3.2. */
export const row: TourRow = {
  id: "3.2",
  program: "service, protocol",
  checked: "services and protocols by name and number",
  needs: { read: ["/etc/services"] },
  async run(tour) {
    expectOutput(await tour.command(["service", "daytime"]), /^daytime\t13\/tcp,udp\t/);
    expectOutput(await tour.command(["service", "25"]), /^smtp\t25\//);
    expectOutput(await tour.command(["protocol", "17", "tcp"]), /^udp\t17\t.*\ntcp\t6\t.*\n$/);
    expectFailure(await tour.command(["service", "no-such"]), 1, /there is no "no-such"/);
  },
};
