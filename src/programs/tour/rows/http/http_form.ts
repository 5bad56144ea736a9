/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveSite } from "./_site.ts";

/** The row of 9.2. */
export const row: TourRow = {
  id: "9.2",
  program: "http form, post",
  checked: "a form found, filled in with its hidden field and sent; a file uploaded to be counted",
  async run(tour) {
    const site = await serveSite(tour);
    expectOutput(
      await tour.command(["http", "form", site]),
      /^form 1: POST http:\S+\/search\n {2}text +query=\n {2}hidden +kind=rfc\n\nform 2: /,
    );
    expectOutput(
      await tour.command(["http", "form", site, "--set", "query=coffee pots"]),
      "<p>found: query=coffee+pots&kind=rfc</p>",
    );
    const upload = ["http", "post", `${site}/count`, "--form", "file=@-;filename=words.txt"];
    expectOutput(await tour.command(upload, "one\ntwo\nthree\n"), "3 lines\n");
  },
};
