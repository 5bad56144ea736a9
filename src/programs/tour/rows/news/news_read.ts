/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveNews } from "./_newsgroups.ts";

/** The row of 8.5. */
export const row: TourRow = {
  id: "8.5",
  program: "news groups, list, post, read",
  checked:
    "a thread of two articles, posted, listed, and read at a prompt, where a third is written",
  async run(tour) {
    const { where, store } = await serveNews(tour);
    const url = `nntp://${where}/local.test`;
    const post = (...words: string[]) => tour.command(["news", "post", ...words, "--quiet"]);
    const words = ["--from", "Ann <ann@a.example>", "--body", "At four?"];
    await post(`nntp://${where}`, "local.test", "--subject", "Grüße", ...words);
    await post(url, "--follow", "1", "--from", "bob@b.example", "--body", "Yes.");
    expectOutput(
      await tour.command(["news", "list", url, "--threads"]),
      /^1\t1\t\S+\tAnn <ann@a\.example>\tGrüße\n2\t\d\t\S+\tbob@b\.example\t└ Re: Grüße\n$/,
    );
    expectOutput(
      await tour.command(["news", "read", url, "--from", "ann@a.example"], "\n\nf\nGood.\n.\nq\n"),
      /^local\.test: 2 articles, 2 unread\n[^]*\nAt four\?\n[^]*\n> At four\?\n\nYes\.\n[^]*posted/,
    );
    expectOutput(
      await tour.command(["news", "groups", `nntp://${where}`, "local.*"]),
      /^local\.announce\t0\tm\tAnnouncements\nlocal\.test\t3\t\tTests\n$/,
    );
    expect((await store.group("local.test"))!.high === 3, "the reply is not there");
  },
};
