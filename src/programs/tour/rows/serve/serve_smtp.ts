/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 7.5. */
export const row: TourRow = {
  id: "7.5",
  program: "serve smtp",
  checked: "its extensions, step by step; a message too large is refused, and none is smuggled in",
  async run(tour) {
    const where = await tour.serve("smtp", { service: { "max-size": "1000" } });
    const verify = await tour.command(["smtp", "verify", `smtp://${where}`, "bob@b.example"]);
    expectOutput(verify, /250[- ]SIZE 1000\n[^]*250 2\.1\.5 ok\n/);
    const words = ["--from", "a@a.example", "--to", "bob@b.example"];
    const large = await tour.command(
      ["smtp", "send", `smtp://${where}`, ...words],
      "x".repeat(2000),
    );
    expectFailure(large, 1, /larger|552|1000/);
    const smuggle = "EHLO x\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n" +
      "Subject: x\r\n\r\none\n.\nMAIL FROM:<evil@a.example>\r\n.\r\nQUIT\r\n";
    const { stdout } = await tour.command(["gab", where], smuggle);
    const mails = stdout.split("\n").filter((line) => /^250 2\.0\.0/.test(line));
    expect(mails.length === 1 && stdout.includes("\n221 "), `smuggled: ${stdout}`);
  },
};
