/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveImap } from "./_mailboxes.ts";

/** The row of 8.3. */
export const row: TourRow = {
  id: "8.3",
  program: "imap stats",
  checked: "messages counted, searched, flagged, copied to another user, moved, and removed",
  async run(tour) {
    const { where, store, account } = await serveImap(
      tour,
      Array.from(
        { length: 30 },
        (_, at) => `From: ann@a.example\r\nSubject: number ${at + 1}\r\n\r\nGrüße ${at}\r\n`,
      ),
    );
    const url = `imap://ann:sesame@${where}`;
    const imap = async (...words: string[]) => await tour.command(["imap", ...words, "--quiet"]);
    expectOutput(await imap("stats", url), /\tINBOX\t30\t30\t\d+\n$/);
    expectOutput(await imap("search", url, "--text", "grüße 17"), /^18\n$/);
    expectOutput(await imap("ls", url, "7"), /^7\tN\t\d+\t[^\t]+\tann@a\.example\tnumber 7\n$/);
    expectOutput(await imap("flag", url, "7", "8", "--add", "seen"), /^$/);
    expectOutput(await imap("stats", url), /\tINBOX\t30\t28\t\d+\n$/);
    expectOutput(await imap("move", url, "9", "--to", "Archive", "--create"), /^$/);
    expectOutput(
      await imap(
        ...["copy", url, "--subject", "number 2", "--create"],
        ...["--to", `imap://bob:sesame@${where}/Old`],
      ),
      /^$/,
    );
    expectOutput(await imap("rm", url, "1"), /^$/);
    const count = async (user: string, name: string) =>
      (await (await (await store.account(user)).folder(name))!.list()).messages.length;
    expect(await count("ann", "INBOX") === 28, "one was moved, one removed");
    expect((await account.folders()).join() === "INBOX,Archive", "there is an archive");
    expect(await count("bob", "Old") === 11, "number 2 and number 20 to 29 were copied");
  },
};
