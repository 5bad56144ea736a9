/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 3.4. */
export const row: TourRow = {
  id: "3.4",
  program: "netmask",
  checked: "network, broadcast and hosts in IPv4 and IPv6; a range as networks",
  async run(tour) {
    const four = await tour.command(["netmask", "255.255.240.0", "192.0.2.77"]);
    expectOutput(four, /network +192\.0\.0\.0\n[^]*broadcast +192\.0\.15\.255\n/);
    const six = await tour.command(["netmask", "2001:db8::/32", "2001:db8:1::5"]);
    expectOutput(six, /inside +true\n/);
    const range = await tour.command(["netmask", "10.0.0.3-10.0.0.9"]);
    expectOutput(range, "10.0.0.3/32\n10.0.0.4/30\n10.0.0.8/31\n");
    expectFailure(await tour.command(["netmask", "/33", "10.0.0.1"]), 2, /33/);
  },
};
