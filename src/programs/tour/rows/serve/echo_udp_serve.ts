/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 18.3. */
export const row: TourRow = {
  id: "18.3",
  program: "serve echo --udp",
  checked: "datagrams of many clients in one loop, a large one, no server",
  async run(tour) {
    const server = await tour.serve("echo", { udp: true });
    const ask = (text: string) => tour.command(["echo", "--udp", server], text);
    const answers = await Promise.all(["one\n", "two\n", "three\n"].map(ask));
    answers.forEach((answer, n) => expectOutput(answer, ["one\n", "two\n", "three\n"][n]!));
    const large = `${"x".repeat(60_000)}\n`;
    expect((await ask(large)).stdout === large, "a large datagram was truncated");
    const nobody = ["echo", "--udp", "127.0.0.1:9", "--tries", "2", "--timeout", "0.2"];
    expectFailure(await tour.command(nobody, "x\n"), 1, /no answer/);
  },
};
