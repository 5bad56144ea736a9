/**
 * A row of the tour.
 *
 * @module
 */

import { servePrefork } from "../../../../servers/mod.ts";
import type { TourRow } from "../../core/row.ts";
import { modelRow } from "./_model_row.ts";

/** The row of 15.2. */
export const row: TourRow = modelRow(
  {
    id: "15.2",
    program: "serve --model prefork",
    checked: "four clients at once, served by processes that were there before",
  },
  servePrefork,
  true,
);
