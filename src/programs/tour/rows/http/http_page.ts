/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveSite } from "./_site.ts";

/** The row of 9.4. */
export const row: TourRow = {
  id: "9.4",
  program: "http text, links, images",
  checked: "a page as text, its links and pictures, absolute by its base",
  async run(tour) {
    const site = await serveSite(tour);
    const http = (...words: string[]) => tour.command(["http", ...words]);
    expectOutput(
      await http("text", site, "--width", "200"),
      `Tea time\n\nSee RFC 2324 [${site}/rfc/2324.html] and others [http://b.example/].\n`,
    );
    expectOutput(
      await http("links", site, "--kind", "link"),
      `link\t${site}/rfc/2324.html\tRFC 2324\nlink\thttp://b.example/\tothers\n`,
    );
    expectOutput(await http("images", site), `${site}/pot.png\ta pot\n${site}/large.png\ta pot\n`);
    return "pictures are listed here; with --to they are downloaded";
  },
};
