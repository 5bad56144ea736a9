/**
 * A row of the tour.
 *
 * @module
 */

import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 19.1. */
export const row: TourRow = {
  id: "19.1",
  program: "serve chat, chat",
  checked: "channels, messages to all and to one, lists of users; nicknames are unique",
  async run(tour) {
    const server = await tour.serve("chat", { udp: true });
    const chat = (stdin: string) => tour.command(["chat", `ann@${server}`, "--wait", "0.2"], stdin);
    expectOutput(
      await chat("/channels\n/join pets\nhello\n/private ann psst\n/users\n/part\n"),
      /Weather .*you are in Pets with 1 .*\[Pets\] ann: hello\n\*ann\* psst\n +ann .*you left Pets\n$/s,
    );
    expectOutput(await chat("hello\n"), /^-- no current channel\n$/);
    expectFailure(await chat("/login bad\x07name\n"), 1, /a nickname has 1 to 20/);
  },
};
