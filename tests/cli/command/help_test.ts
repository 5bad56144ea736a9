/** Help fits a small screen and begins with an example. */

import { assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { command as serve } from "../../../src/cli/commands/serve/serve.ts";
import { findCommand } from "../../../src/cli/command/find_command.ts";
import { commandHelp, generalHelp } from "../../../src/cli/command/help.ts";
import { SERVICES } from "../../../src/services/index.ts";

Deno.test("each command's help fits 24 lines of 80 columns and begins with an example", async (t) => {
  for (const { name, load } of COMMANDS) {
    await t.step(name, async () => {
      const lines = commandHelp(await load()).split("\n");
      assertEquals(lines.filter((line) => line.length > 80), []);
      const whole = commandHelp(await load(), true).split("\n");
      assertEquals(whole.filter((line) => line.length > 80), []);
      assertEquals(lines.length <= 24, true, `${lines.length} lines`);
      assertMatch(lines[0]!, new RegExp(`^netwright ${name}: \\w`));
      const examples = lines.slice(1, lines.findIndex((line) => line.startsWith("usage: ")));
      assertMatch(examples.join("\n"), new RegExp(`^\n  netwright ${name}\\b`));
    });
  }
});

Deno.test("each service's help fits a screen, begins with an example, and has its options", async (t) => {
  for (const { name, load } of SERVICES) {
    await t.step(name, async () => {
      const { command } = (await findCommand(COMMANDS, ["serve", name]))!;
      const lines = commandHelp(command).split("\n");
      assertMatch(lines[2]!, new RegExp(`^  netwright serve ${name} `));
      assertEquals(lines.length <= 24, true, lines.join("\n"));
      const { options = {} } = await load();
      const whole = commandHelp(command, true);
      for (const option of Object.keys(options)) {
        assertEquals(Object.hasOwn(serve.options ?? {}, option), false, `--${option} is serve's`);
        assertMatch(whole, new RegExp(`\n {6}--${option} `));
      }
    });
  }
});

Deno.test("the list of commands names each, in order, within 80 columns", () => {
  const lines = generalHelp(COMMANDS).split("\n");
  assertEquals(lines.filter((line) => line.length > 80), []);
  const names = lines.map((line) => /^ {2}([\w-]+(?: \w+)?) {2,}\w/.exec(line)?.[1])
    .filter((name) => name !== undefined && !name.startsWith("netwright"));
  assertEquals(names, COMMANDS.map(({ name }) => name));
});
