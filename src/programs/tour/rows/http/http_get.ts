/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveSite } from "./_site.ts";

/** The row of 9.1. */
export const row: TourRow = {
  id: "9.1",
  program: "http get, head, chain",
  checked: "a page, its fields, an agent's own name, redirects one by one, what has not changed",
  async run(tour) {
    const site = await serveSite(tour);
    const http = (...words: string[]) => tour.command(["http", ...words]);
    expectOutput(await http("get", `${site}/old`), /<h1>Tea time<\/h1>/);
    expectOutput(await http("get", `${site}/agent`, "--user-agent", "own/1"), "own/1\n");
    expectOutput(
      await http("head", `${site}/`),
      /^HTTP\/1\.1 200 OK\n[^]*\nLast-Modified: Sun, 06 Nov/,
    );
    expectOutput(await http("chain", `${site}/old`), /^301\t.*\/old\n302\t.*\/older\n200\t.*\/\n$/);
    expectFailure(await http("get", `${site}/none`), 1, /404 Not Found\n$/);
    const modified = ["-H", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"];
    const unchanged = await http("get", `${site}/`, ...modified, "--json");
    expectOutput(unchanged, /"status":304/);
  },
};
