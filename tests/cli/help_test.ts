/** Help fits a small screen and begins with an example. */

import { assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { commandHelp, generalHelp } from "../../src/cli/help.ts";

Deno.test("each command's help fits 24 lines of 80 columns and begins with an example", async (t) => {
  for (const { name, load } of COMMANDS) {
    await t.step(name, async () => {
      const lines = commandHelp(await load()).split("\n");
      assertEquals(lines.filter((line) => line.length > 80), []);
      assertEquals(lines.length <= 24, true, `${lines.length} lines`);
      assertMatch(lines[0]!, new RegExp(`^netwright ${name}: \\w`));
      const examples = lines.slice(1, lines.findIndex((line) => line.startsWith("usage: ")));
      assertMatch(examples.join("\n"), new RegExp(`^\n  netwright ${name}\\b`));
    });
  }
});

Deno.test("the list of commands names each, in order, within 80 columns", () => {
  const lines = generalHelp(COMMANDS).split("\n");
  assertEquals(lines.filter((line) => line.length > 80), []);
  const names = lines.map((line) => /^ {2}(\w+) {2,}\w/.exec(line)?.[1])
    .filter((name) => name !== undefined && name !== "netwright");
  assertEquals(names, COMMANDS.map(({ name }) => name));
});
