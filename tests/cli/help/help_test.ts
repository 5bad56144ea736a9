/** Help fits a small screen and begins with an example; lists and topics name what exists. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { command as serve } from "../../../src/cli/commands/serve/serve.ts";
import { findCommand } from "../../../src/cli/command/find_command.ts";
import { BOOK, bookHelp } from "../../../src/cli/help/book.ts";
import { commandHelp } from "../../../src/cli/help/command_help.ts";
import { FAMILIES } from "../../../src/cli/help/families.ts";
import { commandList, familyHelp, generalHelp } from "../../../src/cli/help/list.ts";
import { HELP_TOPICS } from "../../../src/cli/help/topics.ts";
import { UsageError } from "../../../src/net/mod.ts";
import { ROWS } from "../../../src/programs/tour/rows/index.ts";
import { SERVICES } from "../../../src/services/index.ts";

/** Fails if a line is wider than the narrowest terminal. */
function assertFits(text: string): string[] {
  const lines = text.split("\n");
  assertEquals(lines.filter((line) => [...line].length > 80), []);
  return lines;
}

Deno.test("each command's help fits 24 lines of 80 columns and begins with an example", async (t) => {
  for (const { name, load } of COMMANDS) {
    await t.step(name, async () => {
      const command = await load();
      const lines = assertFits(commandHelp(command));
      assertFits(commandHelp(command, true));
      const listed = command.list?.length ?? 0;
      assertEquals(lines.length - listed <= 24, true, `${lines.length} lines`);
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
      const lines = assertFits(commandHelp(command));
      assertMatch(lines[2]!, new RegExp(`^  netwright serve ${name} `));
      assertEquals(lines.length <= 24, true, lines.join("\n"));
      const { options = {}, stream } = await load();
      const whole = commandHelp(command, true);
      for (const option of Object.keys(options)) {
        assertEquals(Object.hasOwn(serve.options ?? {}, option), false, `--${option} is serve's`);
        assertMatch(whole, new RegExp(`\n {6}--${option} `));
      }
      assertEquals(/\n {6}--model /.test(whole), stream !== undefined);
      assertEquals(whole.includes("\nModels:\n"), false);
    });
  }
});

Deno.test("every command is in a family, and the list on one screen names all", async () => {
  const families = FAMILIES.map(({ name }) => name);
  assertEquals(COMMANDS.filter(({ family }) => !families.includes(family)), []);
  const text = generalHelp(COMMANDS);
  assertEquals(assertFits(text).length <= 36, true);
  const words = text.replaceAll(/\s+/g, " ");
  for (const { name } of COMMANDS) {
    const [first = "", second] = name.split(" ");
    assertMatch(words, new RegExp(`[:,] (?:[\\w, -]+ )?${first}\\b`));
    if (second !== undefined) assertMatch(words, new RegExp(`\\b${second}\\b`));
  }
  for (const family of FAMILIES) {
    const { command } = (await findCommand(COMMANDS, family.example.split(" ")))!;
    assertEquals(COMMANDS.find(({ name }) => name === command.name)?.family, family.name);
    for (const server of family.servers ?? []) {
      assertEquals(SERVICES.some(({ name }) => name === server), true, server);
    }
  }
});

Deno.test("the list of commands names each once with its summary", () => {
  const lines = assertFits(commandList(COMMANDS));
  for (const { name, summary } of COMMANDS) {
    assertEquals(lines.filter((line) => line.startsWith(`  ${name}  `)).length, 1, name);
    assertEquals(lines.filter((line) => line.endsWith(`  ${summary}`)).length >= 1, true, summary);
  }
});

Deno.test("the help of a family, and of the first word of its commands", () => {
  assertMatch(
    familyHelp("ftp", COMMANDS),
    /^netwright ftp: .*\n\n {2}netwright ftp get .*\n\n {2}ftp cat .*\n(?:.*\n)*Servers: netwright serve ftp\.\n/,
  );
  const discover = familyHelp("discover", COMMANDS);
  assertMatch(discover, /^netwright discover: .*\n\n {2}discover chat .*\n\n/);
  for (const { name } of FAMILIES) assertFits(familyHelp(name, COMMANDS));
});

Deno.test("each topic fits 80 columns, and says what its list says", async (t) => {
  for (const { name, load } of HELP_TOPICS) {
    await t.step(name, async () => {
      const lines = assertFits(await load());
      assertMatch(lines[0]!, new RegExp(`^netwright ${name}: \\w`));
    });
  }
});

Deno.test("the book's map names commands and options that exist, and each row of the tour", async () => {
  const entries = BOOK.flatMap((chapter) => chapter.entries);
  for (const line of entries.flatMap(({ commands = [] }) => commands)) {
    const words = line.split(" ");
    const { command } = (await findCommand(COMMANDS, words))!;
    const option = words.find((word) => word.startsWith("--"))?.slice(2);
    if (option !== undefined) {
      assertEquals(Object.hasOwn(command.options ?? {}, option), true, line);
    }
  }
  const ids = entries.map(({ id }) => id);
  const rows = [...new Set(ROWS.map(({ id }) => id))].filter((id) => !id.startsWith("S."));
  assertEquals(rows.filter((id) => !ids.includes(id)), []);
  for (const { chapter } of BOOK) assertFits(bookHelp(chapter));
  assertThrows(() => bookHelp("23"), UsageError, "chapters 1 to 22");
  assertEquals(bookHelp("6.2"), bookHelp("6"));
  assertEquals(bookHelp("b"), bookHelp("B"));
});
