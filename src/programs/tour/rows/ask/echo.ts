/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 4.1. */
export const row: TourRow = {
  id: "4.1",
  program: "echo",
  checked: "lines over TCP and UDP come back and are counted; 1 MiB comes back",
  async run(tour) {
    const where = await tour.serve("echo");
    const lines = expectOutput(await tour.command(["echo", where], "one\ntwo\n"), "one\ntwo\n");
    expect(/10 bytes sent, 10 received/.test(lines.stderr), `counted ${lines.stderr}`);
    const large = await tour.command(["echo", where, "--size", "1048576"]);
    expectOutput(large, /^1048576 bytes in /);
    const udp = await tour.serve("echo", { udp: true });
    expectOutput(await tour.command(["echo", "--udp", udp, "--message", "hello"]), "hello\n");
  },
};
