/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 7.2. */
export const row: TourRow = {
  id: "7.2",
  program: "mail reply",
  checked: "a letter written, answered, forwarded whole; an automatic answer to it, none to that",
  async run(tour) {
    const mail = async (words: readonly string[], stdin: string) => {
      const result = await tour.command(["mail", ...words], stdin);
      expectOutput(result, /^/);
      return result.stdout;
    };
    const bob = ["--from", "bob@b.example"];
    const compose = ["compose", "--from", "ann@a.example", "--to", "bob@b.example", "-s", "Tea"];
    const letter = await mail(compose, "At four?\n");
    expectOutput(
      await tour.command(["mail", "reply", ...bob, "--body", "Yes."], letter),
      /\r\nTo: ann@a\.example\r\nSubject: Re: Tea\r\n[^]*\r\n> At four\?\r\n\r\nYes\.\r\n$/,
    );
    expectOutput(
      await tour.command(["mail", "forward", ...bob, "--to", "c@c.example"], letter),
      /\r\nContent-Type: message\/rfc822\r\n[^]*\r\nSubject: Tea\r\n/,
    );
    const away = ["autoreply", "--body", "Away."];
    const answer = await mail([...away, ...bob, "--sender", "ann@a.example"], letter);
    const again = ["mail", ...away, "--from", "ann@a.example", "--sender", "bob@b.example"];
    const { stdout, stderr } = await tour.command(again, answer);
    expect(stdout === "" && stderr.startsWith("no answer: a program wrote it"), stdout + stderr);
  },
};
