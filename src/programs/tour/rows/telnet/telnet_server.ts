/**
 * A row of the tour.
 *
 * @module
 */

import { dial, LineReader, parseEndpoint, writeAll } from "../../../../net/mod.ts";
import { TelnetClient } from "../../../../protocols/telnet/mod.ts";
import { overTelnet } from "../../../../services/internal.ts";
import { streamService } from "../../../../services/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 6.6. */
export const row: TourRow = {
  id: "6.6",
  program: "serve eliza --telnet",
  checked: "options are agreed on, lines are edited and shown, answers fit a window of 20 columns",
  async run(tour) {
    const eliza = overTelnet(await streamService("eliza"));
    const where = await tour.serveStream(eliza.handle.bind(eliza));
    using client = new TelnetClient(
      await dial(parseEndpoint(where), { network: tour.network, signal: tour.signal }),
      { terminalType: "xterm", windowSize: { columns: 20, rows: 10 } },
    );
    const reader = new LineReader(client);
    await reader.readLine();
    const type = (text: string) => writeAll(client, new TextEncoder().encode(text));
    // The greeting came before the size of the window; what follows comes behind it.
    await type("Men are all alikd\x7fe.\r");
    expect(await reader.readLine() === "Men are all alikd\b \be.", "the line was not edited");
    expect(await reader.readLine() === "In what way?", "the answer is another");
    expect(client.isCharacterMode, "characters do not go one by one");
    await type("bye\r");
    await reader.readLine();
    expect(await reader.readLine() === "Goodbye. It was", "the answer is not wrapped");
  },
};
