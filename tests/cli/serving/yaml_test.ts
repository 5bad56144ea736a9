/** YAML files: read as text or values; each error is one line that names the file. */

import { assertEquals, assertRejects } from "@std/assert";
import { readYaml } from "../../../src/cli/serving/yaml.ts";
import { UsageError } from "../../../src/net/mod.ts";
import { netwright } from "../../support/netwright.ts";
import { TestFolder } from "../../support/trees.ts";

Deno.test("readYaml() reads every scalar as text, or numbers and booleans too", async () => {
  await using folder = await TestFolder.make();
  const file = `${folder.path}/a.yaml`;
  await Deno.writeTextFile(file, "a: 017\nb: yes\nc: true\nd: [1, 2.50]\n__proto__: x\n");
  const text = await readYaml(file, "text") as Record<string, unknown>;
  assertEquals([text.a, text.b, text.c, text.d], ["017", "yes", "true", ["1", "2.50"]]);
  assertEquals(Object.getPrototypeOf(text), Object.prototype);
  assertEquals((await readYaml(file, "values") as Record<string, unknown>).c, true);
});

Deno.test("readYaml() refuses what is not YAML in one line with the file and the line", async (t) => {
  await using folder = await TestFolder.make();
  const file = `${folder.path}/a.yaml`;
  const cases: Readonly<Record<string, [Uint8Array | string, RegExp]>> = {
    "nothing": ["", /a\.yaml is empty$/],
    "comments only": ["# nothing\n", /a\.yaml is empty$/],
    "a mapping that is not one": ["a: b\n c\nd\n", /a\.yaml:\d+:\d+: [^\n]+$/],
    "the same key twice": ["a: 1\na: 2\n", /a\.yaml:2:\d+: [^\n]+$/],
    "nesting without end": [
      `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`,
      /a\.yaml(?::1:\d+: [^\n]+| is nested too deeply)$/,
    ],
    "bytes that are not UTF-8": [
      Uint8Array.of(0x61, 0x3a, 0x20, 0x62, 0x0a, 0x63, 0xff, 0x3a, 0x20, 0x64),
      /a\.yaml:2: it is not UTF-8$/,
    ],
  };
  for (const [name, [content, message]] of Object.entries(cases)) {
    await t.step(name, async () => {
      if (typeof content === "string") await Deno.writeTextFile(file, content);
      else await Deno.writeFile(file, content);
      const error = await assertRejects(() => readYaml(file, "text"), UsageError);
      assertEquals(message.test(error.reason), true, error.reason);
    });
  }
});

Deno.test("errors of content name the file", async (t) => {
  await using folder = await TestFolder.make();
  const file = `${folder.path}/a.yaml`;
  for (
    const [service, option, content] of [
      ["ftp", "users", "ann: secret\n"],
      ["http", "headers", "'/*': x\n"],
      ["smtp", "aliases", "c: {}\n"],
      ["chat", "channels", "two words: x\n"],
      ["eliza", "script", "a: b\n"],
    ] as const
  ) {
    await t.step(`serve ${service} --${option}`, async () => {
      await Deno.writeTextFile(file, content);
      const { code, stderr } = await netwright([
        ...["serve", service, "--listen", "127.0.0.1:0", `--${option}`, file],
      ]);
      assertEquals([code, stderr.startsWith(`netwright: serve: ${file}: `)], [2, true], stderr);
    });
  }
});
