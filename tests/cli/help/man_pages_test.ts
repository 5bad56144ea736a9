/** Man pages have all that `--help` has. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { manPages } from "../../../scripts/man_pages.ts";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { HELP_TOPICS } from "../../../src/cli/help/topics.ts";
import { SERVICES } from "../../../src/services/index.ts";

/** Requests and macros that the pages use. */
const MACROS = /^\.(?:TH|SH|SS|TP|B|nf|fi|nh|ad|sp|in)\b/;

Deno.test("there is a man page for each command, service and topic, with every option", async () => {
  const pages = new Map((await manPages()).map(({ file, text }) => [file, text]));
  const expected = [
    "netwright.1",
    ...COMMANDS.map(({ name }) => `netwright-${name.replace(" ", "-")}.1`),
    ...SERVICES.map(({ name }) => `netwright-serve-${name}.1`),
    ...HELP_TOPICS.map(({ name }) => `netwright-${name}.7`),
  ];
  assertEquals([...pages.keys()].sort(), expected.sort());
  for (const [file, text] of pages) {
    const strange = text.split("\n").filter((line) => /^[.']/.test(line) && !MACROS.test(line));
    assertEquals(strange, [], file);
    assertMatch(text, /^\.TH NETWRIGHT[^\n]*\n\.nh\n\.ad l\n\.SH NAME\nnetwright[^\n]* \\- \w/);
  }
  for (const { name, load } of COMMANDS) {
    const text = pages.get(`netwright-${name.replace(" ", "-")}.1`)!;
    for (const option of Object.keys((await load()).options ?? {})) {
      assertStringIncludes(text, `\\-\\-${option.replaceAll("-", "\\-")}`, `${name} --${option}`);
    }
  }
  for (const { name } of COMMANDS) {
    assertStringIncludes(
      pages.get("netwright.1")!,
      `.B netwright ${name.replaceAll("-", "\\-")}\n`,
    );
  }
});
