/**
 * A row of the tour.
 *
 * @module
 */

import { servePrethread } from "../../../../servers/mod.ts";
import type { TourRow } from "../../core/row.ts";
import { modelRow } from "./_model_row.ts";

/** The row of 15.3. */
export const row: TourRow = modelRow(
  {
    id: "15.3",
    program: "serve --model prethread",
    checked: "four clients at once, served by Workers that were there before",
  },
  servePrethread,
  true,
);
