/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 6.3. */
export const row: TourRow = {
  id: "6.3",
  program: "serve ftp",
  checked:
    "anonymous users only read, nothing leads outside, data comes from the server's host only",
  async run(tour) {
    const url = `ftp://${await tour.serve("ftp", {})}`;
    const ftp = (words: readonly string[], stdin?: string) =>
      tour.command(["ftp", ...words], stdin);
    expectOutput(await ftp(["ls", url]), /^$/);
    expectFailure(await ftp(["put", "-", `${url}/x`], "x"), 1, / 550 /);
    expectFailure(await ftp(["cat", `${url}/../../etc/passwd`]), 1, / 550 /);
    expectFailure(await ftp(["quote", url, "PORT 10,0,0,1,7,7"]), 1, / 50[0-9] /);
    expectOutput(await ftp(["quote", url, "FEAT"]), /MLST .*EPSV|EPSV.*MLST /s);
  },
};
