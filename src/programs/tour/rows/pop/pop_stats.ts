/**
 * A row of the tour.
 *
 * @module
 */

import { parseEndpoint } from "../../../../net/mod.ts";
import { Pop3Client } from "../../../../protocols/pop3/mod.ts";
import { Secret } from "../../../../protocols/wire/mod.ts";
import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { servePop3 } from "./_mailbox.ts";

/** The row of 8.1. */
export const row: TourRow = {
  id: "8.1",
  program: "pop stats",
  checked: "a hundred messages counted, listed, read in one go, one of them deleted; APOP",
  async run(tour) {
    const texts = Array.from(
      { length: 100 },
      (_, at) => `From: ann@a.example\r\nSubject: number ${at + 1}\r\n\r\n.${at}\r\n`,
    );
    const { where, inbox } = await servePop3(tour, texts);
    const url = `pop3://ann:tanstaaf@${where}`;
    const bytes = texts.reduce((sum, { length }) => sum + length, 0);
    expectOutput(
      await tour.command(["pop", "stats", url]),
      new RegExp(`\\t100\\t${bytes}\\n$`),
    );
    expectOutput(
      await tour.command(["pop", "ls", url, "7"]),
      /^7\t\d+\t\tann@a\.example\tnumber 7\n$/,
    );
    expectOutput(await tour.command(["pop", "rm", url, "100", "--quiet"]), /^$/);
    expect((await inbox.list()).messages.length === 99, "the message is still there");
    await using client = await Pop3Client.connect(parseEndpoint(where), {
      network: tour.network,
      credentials: { user: "ann", password: new Secret("tanstaaf") },
      mechanism: "APOP",
    });
    let read = "";
    for await (
      const { text } of client.retrieveAll((await client.list()).map(({ number }) => number))
    ) {
      for await (const piece of text) read += new TextDecoder().decode(piece);
    }
    expect(read === texts.slice(0, 99).join(""), "other messages came");
    await client.quit();
  },
};
