/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 6.1. */
export const row: TourRow = {
  id: "6.1",
  program: "ftp",
  checked: "put, ls, cat, mv, chmod, rm, quote; passive and active; refusals are reported",
  async run(tour) {
    const url = `ftp://${await tour.serve("ftp", { service: { anonymous: "write" } })}`;
    const ftp = (words: readonly string[], stdin?: string) =>
      tour.command(["ftp", ...words], stdin);
    expectOutput(await ftp(["mkdir", "--parents", `${url}/a/b`]), /^$/);
    expectOutput(await ftp(["put", "-", `${url}/a/b/one`], "hello\n"), /^$/);
    expectOutput(await ftp(["put", "--append", "-", `${url}/a/b/one`], "world\n"), /^$/);
    expectOutput(await ftp(["cat", `${url}/a/b/one`]), /^hello\nworld\n$/);
    expectOutput(await ftp(["cat", "--active", `${url}/a/b/one`]), /^hello\nworld\n$/);
    expectOutput(await ftp(["mv", `${url}/a/b/one`, "a/two"]), /^$/);
    expectOutput(await ftp(["chmod", "600", `${url}/a/two`]), /^$/);
    expectOutput(await ftp(["ls", "--long", `${url}/a`]), /\tb\n.*\t12\t.*\ttwo\n$/s);
    expectOutput(await ftp(["quote", url, "TYPE I", "SIZE a/two"]), /^200 .*\n213 12\n$/);
    expectOutput(await ftp(["rm", `${url}/a/two`]), /^$/);
    expectFailure(await ftp(["cat", `${url}/a/two`]), 1, / 550 /);
  },
};
