/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 22.2. */
export const row: TourRow = {
  id: "22.2",
  program: "serve localtime, localtime",
  checked: "a zone in a datagram, the time there in another; here over UDP",
  async run(tour) {
    const server = await tour.serve("localtime", { udp: true });
    const ask = (zone: string) => tour.command(["localtime", "--server", server, zone]);
    expectOutput(await ask("Asia/Tokyo"), /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n$/);
    expectFailure(await ask("No/Where"), 1, /no such time zone: No\/Where\n$/);
  },
};
