/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

const SENTENCES = "Well, my boyfriend made me come here.\nBullies.\nbye\n";
const ANSWERS =
  /\nYour boyfriend made you come here\?\nDoes that have anything .* come here\?\nGoodbye/;

/** The row of 10.1. */
export const row: TourRow = {
  id: "10.1",
  program: "eliza, serve eliza",
  checked: "she answers, remembers, and keeps her clients apart",
  async run(tour) {
    expectOutput(await tour.command(["eliza"], SENTENCES), ANSWERS);
    const where = await tour.serve("eliza");
    const [first, second] = await Promise.all([
      tour.command(["gab", "--crlf", where], SENTENCES),
      tour.command(["gab", "--crlf", where], "Bullies.\nbye\n"),
    ]);
    expectOutput({ ...first, stdout: first.stdout.replaceAll("\r", "") }, ANSWERS);
    expectOutput(second, /\nI am not sure I understand you fully\./);
  },
};
