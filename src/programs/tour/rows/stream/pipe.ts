/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 2.1. */
export const row: TourRow = {
  id: "2.1",
  program: "pipe",
  checked: "a program's output through an echo server; a program that fails",
  needs: { run: ["echo", "false"] },
  async run(tour) {
    const where = await tour.serve("echo");
    expectOutput(await tour.command(["pipe", "--send", where, "--", "echo", "hello"]), "hello\n");
    const failed = await tour.command(["pipe", "--send", where, "--", "false"]);
    expectFailure(failed, 1, /false: it ended with status 1/);
  },
};
