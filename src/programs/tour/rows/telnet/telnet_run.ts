/**
 * A row of the tour.
 *
 * @module
 */

import { type Connection, LineReader, LineWriter, writeAll } from "../../../../net/mod.ts";
import { LineTerminal } from "../../../../protocols/telnet/mod.ts";
import { expectFailure, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 6.4. */
export const row: TourRow = {
  id: "6.4",
  program: "telnet run",
  checked: "login, a prompt found by itself, the output without echo; a wrong password",
  async run(tour) {
    const where = await tour.serveStream(commandLine);
    const run = (user: string) =>
      tour.command(["telnet", "run", `telnet://${user}@${where}`, "--", "show users", "help"]);
    expectOutput(await run("ann:secret"), "show users: ok\nhelp: ok\n");
    expectFailure(await run("ann:wrong"), 1, /the login of ann was rejected/);
  },
};

/** Lets ann log in, and answers each of her commands. */
async function commandLine(connection: Connection): Promise<void> {
  const terminal = new LineTerminal(connection);
  const reader = new LineReader(terminal);
  const writer = new LineWriter(terminal);
  const ask = async (question: string, isEchoing: boolean): Promise<string | undefined> => {
    terminal.isEchoing = isEchoing;
    await writeAll(terminal, new TextEncoder().encode(question));
    return await reader.readLine();
  };
  while (await ask("login: ", true) !== "ann" || await ask("Password: ", false) !== "secret") {
    await writer.writeLine("Login incorrect");
  }
  for (let line; (line = await ask("router>", true)) !== undefined && line !== "exit";) {
    if (line !== "") await writer.writeLine(`${line}: ok`);
  }
}
