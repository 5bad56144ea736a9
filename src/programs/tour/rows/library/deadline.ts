/**
 * A row of the tour.
 *
 * @module
 */

import { Deadline, dial, LineReader, parseEndpoint, TimeoutError } from "../../../../net/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 2.2. */
export const row: TourRow = {
  id: "2.2",
  program: "Deadline",
  checked: "a read from a silent server ends in time; an abort ends it with its own reason",
  async run(tour) {
    const where = await tour.serve("discard");
    using first = await dial(parseEndpoint(where), { network: tour.network });
    using deadline = new Deadline({ timeoutMs: 50 });
    const late = await new LineReader(first, { deadline }).readLine().catch((error) => error);
    expect(late instanceof TimeoutError, "the read did not time out");
    using second = await dial(parseEndpoint(where), { network: tour.network });
    const controller = new AbortController();
    using abortable = new Deadline({ signal: controller.signal });
    const reading = new LineReader(second, { deadline: abortable }).readLine();
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await reading.catch((error) => error) === reason, "the abort's reason was lost");
  },
};
