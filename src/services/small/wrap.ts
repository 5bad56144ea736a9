/**
 * Fills the lines of a client, when it has said all (22.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import { WRAP_PATH } from "../../reference/usual_places.ts";
import type { ServiceModule } from "../core/service.ts";

/** The wrap service. */
export const service: ServiceModule<{ readonly width: number }> = {
  name: "wrap",
  summary: "fill lines to a width",
  port: 12022,
  isForPeople: true,
  path: WRAP_PATH,
  options: { columns: { value: "N", help: "the width (default 40)" } },
  parse({ options: { columns = "40" } }) {
    const width = /^\d{1,4}$/.test(columns) ? Number(columns) : 0;
    if (width < 2) throw new UsageError("--columns takes a whole number, 2 to 9999");
    return { width };
  },
  stream: async ({ width }) => (await import("./_wrap.ts")).wrapService(width),
};
