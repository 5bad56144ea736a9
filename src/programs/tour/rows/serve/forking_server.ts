/**
 * A row of the tour.
 *
 * @module
 */

import { serveFork } from "../../../../servers/mod.ts";
import type { TourRow } from "../../core/row.ts";
import { modelRow } from "./_model_row.ts";

/** The row of 10.2. */
export const row: TourRow = modelRow(
  {
    id: "10.2",
    program: "serve --model fork",
    checked: "a process for each of four clients at once",
  },
  serveFork,
  false,
);
