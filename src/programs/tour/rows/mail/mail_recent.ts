/**
 * A row of the tour.
 *
 * @module
 */

import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 7.4. */
export const row: TourRow = {
  id: "7.4",
  program: "mail recent",
  checked: "a file that came by FTP is sent as a letter, and into a mailbox by SMTP",
  async run(tour) {
    const url = `ftp://${await tour.serve("ftp", { service: { anonymous: "write" } })}`;
    const smtp = `smtp://${await tour.serve("smtp")}`;
    expectOutput(await tour.command(["ftp", "put", "-", `${url}/new.txt`], "hello\n"), /^$/);
    const words = ["--from", "ann@a.example", "--to", "bob@b.example"];
    const letter = await tour.command(["mail", "recent", `${url}/`, ...words]);
    expectOutput(letter, /: 1 file\r\n[^]*; filename=new\.txt\r\n[^]*\r\naGVsbG8K\r\n/);
    const send = ["smtp", "send", smtp, "--message", "-", "--json"];
    expectOutput(await tour.command(send, letter.stdout), /"address":"bob@b\.example"/);
  },
};
