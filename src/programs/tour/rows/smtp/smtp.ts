/**
 * A row of the tour.
 *
 * @module
 */

import { parseMessage } from "../../../../mime/mod.ts";
import { SmtpClient } from "../../../../protocols/smtp/mod.ts";
import { parseEndpoint } from "../../../../net/mod.ts";
import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 7.1. */
export const row: TourRow = {
  id: "7.1",
  program: "smtp send",
  checked: "a letter written and sent; a hundred in one session, each answered for itself",
  async run(tour) {
    const where = await tour.serve("smtp");
    const words = ["--from", "ann@a.example", "--to", "bob@b.example", "--subject", "Grüße"];
    const eml = expectOutput(
      await tour.command(["smtp", "send", "--eml", ...words], "hi\n"),
      /hi\r\n$/,
    );
    const message = new TextEncoder().encode(eml.stdout);
    expect(parseMessage(message).header.text("subject") === "Grüße", "another subject");
    const sent = await tour.command(
      ["smtp", "send", `smtp://${where}`, ...words, "--json"],
      "hi\n",
    );
    expectOutput(sent, /"accepted":\[\{"address":"bob@b\.example"/);
    const endpoint = parseEndpoint(where, {});
    await using client = await SmtpClient.connect(endpoint, { network: tour.network });
    const to = Array.from({ length: 100 }, (_, at) => `u${at}@b.example`);
    const waiting = to.map((address) => ({ envelope: { from: "", to: [address] }, message }));
    let [good, bad] = [0, 0];
    await client.sendAll({ take: () => waiting.shift(), sent: () => good++, failed: () => bad++ });
    expect(good === 100, `${good} sent, ${bad} refused`);
  },
};
