/**
 * A row of the tour.
 *
 * @module
 */

import { serveThread } from "../../../../servers/mod.ts";
import type { TourRow } from "../../core/row.ts";
import { modelRow } from "./_model_row.ts";

/** The row of 11. */
export const row: TourRow = modelRow(
  {
    id: "11",
    program: "serve --model thread",
    checked: "a Worker for each of four clients at once",
  },
  (named, options, network) => serveThread(named, { ...options, network }),
  false,
);
