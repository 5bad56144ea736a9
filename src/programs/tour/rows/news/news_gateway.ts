/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveNews } from "./_newsgroups.ts";

/** The row of 8.6. */
export const row: TourRow = {
  id: "8.6",
  program: "news gateway",
  checked: "articles are chosen by group, subject and text",
  async run(tour) {
    const { where } = await serveNews(tour);
    for (const [subject, body] of [["Perl", "tea"], ["Perl", "milk"], ["C", "tea"]] as const) {
      const words = ["--from", "ann@a.example", "--subject", subject, "--body", body, "--quiet"];
      await tour.command(["news", "post", `nntp://${where}`, "local.test", ...words]);
    }
    const words = ["local.*", "--all", "--dry-run", "--subject", "(?i)perl", "--body", "^tea$"];
    expectOutput(
      await tour.command(["news", "gateway", `nntp://${where}`, ...words, "--quiet"]),
      /^local\.test 1\tann@a\.example\tPerl\n$/,
    );
  },
};
