/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { servePop3 } from "./_mailbox.ts";

const HTML =
  "From: bob@b.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n" +
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" +
  "<p>Tea at <b>four</b>?</p>\r\n--b\r\nContent-Type: image/png; name=map.png\r\n\r\nx\r\n--b--\r\n";

/** The row of 8.2. */
export const row: TourRow = {
  id: "8.2",
  program: "pop fetch",
  checked: "mail read at a prompt, HTML as text; a message deleted, and one printed unchanged",
  async run(tour) {
    const plain = "Subject: plain\r\n\r\n.dots\r\n";
    const { where, inbox } = await servePop3(tour, [HTML, plain]);
    const url = `pop3://ann:tanstaaf@${where}`;
    expectOutput(
      await tour.command(["pop", "fetch", url], "\nd 1\nx\n"),
      /^[^]*\nSubject: Grüße\n\nTea at four\?\n\[1\] map\.png \(image\/png\)\n$/,
    );
    expect((await inbox.list()).messages.length === 2, "x has deleted a message");
    expectOutput(await tour.command(["pop", "fetch", url, "--quiet"], "d 1\nq\n"), /2 messages\n/);
    expect((await inbox.list()).messages.length === 1, "q has deleted nothing");
    const printed = await tour.command(["pop", "fetch", url, "1", "--to", "-"]);
    expect(printed.stdout === plain, printed.stdout);
  },
};
