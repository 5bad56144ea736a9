/**
 * A row of the tour.
 *
 * @module
 */

import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 15.4. */
export const row: TourRow = {
  id: "15.4",
  program: "bench models",
  checked: "two models under the same load, by a generator in a thread of its own",
  startsWorkers: true,
  async run({ command }) {
    const words = ["bench", "models", "multiplex", "serial", "--duration", "0.1", "--runs", "1"];
    const { status, stdout, stderr } = await command([...words, "--json"]);
    expect(status === 0, stderr);
    const measures = stdout.trim().split("\n").map((line) => JSON.parse(line));
    expect(measures.length === 6, `${measures.length} measures`);
    for (const { model, load, requests, errors } of measures) {
      expect(requests > 0, `${model} answered no request of ${load}`);
      expect(Object.keys(errors).length === 0, `${model}, ${load}: ${JSON.stringify(errors)}`);
    }
    const best = Math.max(...measures.map(({ perSecond }) => perSecond));
    return `up to ${best.toFixed(0)} a second`;
  },
};
