/** The wrap service: filled paragraphs, also beside Perl's Text::Wrap. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Filler } from "../../src/protocols/wrap/mod.ts";
import { netwright, serve } from "../support/netwright.ts";
import { TestFolder } from "../support/trees.ts";

function fill(text: string, columns: number): string {
  const filler = new Filler(columns);
  const lines = text.split("\n").flatMap((line) => filler.push(line));
  return [...lines, ...filler.end()].map((line) => `${line}\n`).join("");
}

Deno.test("Filler fills paragraphs", () => {
  const cases: readonly [text: string, columns: number, filled: string][] = [
    ["", 10, ""],
    ["\n \n\t\n", 10, ""],
    ["a b c", 10, "a b c\n"],
    ["aaa bbb ccc", 8, "aaa bbb\nccc\n"],
    ["aaa bbbb", 8, "aaa\nbbbb\n"],
    ["aaa\nbbb\n  ccc ", 40, "aaa bbb ccc\n"],
    ["a\n\n\n b\n\n", 40, "a\n\nb\n"],
    ["a muchtoolongword b", 6, "a\nmuchtoolongword\nb\n"],
    ["é日 😀x", 5, "é日\n😀x\n"],
    ["a\r\nb\r", 40, "a b\n"],
  ];
  for (const [text, columns, filled] of cases) assertEquals(fill(text, columns), filled, text);
});

Deno.test("Filler keeps each word, and no line is longer than it must be", () => {
  const words = fc.array(
    fc.string({ unit: fc.constantFrom("a", "é", "-"), minLength: 1, maxLength: 12 }),
  );
  fc.assert(fc.property(words, fc.integer({ min: 2, max: 30 }), (words, columns) => {
    const filled = fill(words.join(" "), columns);
    assertEquals(filled.split(/\s+/).filter((word) => word !== ""), words);
    for (const line of filled.split("\n")) assert(line.length < columns || !line.includes(" "));
    // Words that are filled already stay unchanged.
    assertEquals(fill(filled, columns), filled);
  }));
});

Deno.test("serve wrap and wrap on a UNIX socket: half-close, any width", async () => {
  await using folder = await TestFolder.make();
  const place = `unix:${folder.path}/wrap.sock`;
  const text = "The quick brown fox jumps over the lazy dog, and so on.\n\nAnother paragraph.\n";
  await using _server = await serve(["wrap", "--listen", place, "--columns", "20"]);
  const { code, stdout, stderr } = await netwright(["wrap", place], { stdin: text });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    "The quick brown fox\njumps over the lazy\ndog, and so on.\n\nAnother paragraph.\n",
  );
  const long = "word ".repeat(200_000);
  const much = await netwright(["wrap", place], {
    stdin: `${long.replaceAll(" word", "\nword")}\n`,
  });
  assertEquals(much.stdout.length, long.length);
  const bad = await netwright(["serve", "wrap", "--columns", "1"]);
  assertEquals(bad.code, 2);
});
