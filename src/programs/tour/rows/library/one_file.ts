/**
 * A row of the tour.
 *
 * @module
 */

import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of S.2. */
export const row: TourRow = {
  id: "S.2",
  program: "help, completions",
  checked: "all commands are in one program, which explains and completes each of them",
  async run(tour) {
    const list = await tour.command(["help", "--json"]);
    const names = list.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).name as string);
    expect(names.includes("serve") && names.includes("tour"), "commands are missing");
    for (const name of names) {
      const help = await tour.command(["help", ...name.split(" ")]);
      expectOutput(
        help,
        new RegExp(`^netwright ${name}: [^]*\n {2}netwright ${name}\\b[^]*\nusage: `),
      );
    }
    const suggest = ["completions", "suggest", "--"];
    expectOutput(await tour.command([...suggest, "serve", "ec"]), "echo\n");
    expectOutput(await tour.command([...suggest, "serve", "--tls-k"]), /^--tls-key\t/);
    for (const shell of ["bash", "zsh", "fish"]) {
      expectOutput(
        await tour.command(["completions", shell]),
        new RegExp(`netwright.* for ${shell}`),
      );
    }
    return Deno.build.standalone ? undefined : "from source, not the executable";
  },
};
