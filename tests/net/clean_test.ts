import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { cleanText, jsonLine } from "../../src/net/mod.ts";

const CASES: readonly [dirty: string, clean: string][] = [
  ["plain, ä, 漢字, 👋\t", "plain, ä, 漢字, 👋\t"],
  ["\x1b[2J", "\\x1b[2J"],
  ["a\r\nb", "a\\r\\nb"],
  ["\x00\x7f\x9b", "\\x00\\x7f\\x9b"],
  ["\u202egnp.exe", "\\u{202e}gnp.exe"],
  ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
  ["\ud800", "\\u{d800}"],
];

Deno.test("cleanText() shows what a terminal would obey", () => {
  for (const [dirty, clean] of CASES) assertEquals(cleanText(dirty), clean);
  assertEquals(cleanText("a\nb\x1b", { lines: true }), "a\nb\\x1b");
  assertEquals(cleanText("abcdef", { maxLength: 3 }), "abc…");
});

Deno.test("cleanText() lets no control through, and changes clean text no more", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const clean = cleanText(text);
    assertEquals(
      [...clean].some((c) => c !== "\t" && (c < " " || (c >= "\x7f" && c <= "\x9f"))),
      false,
    );
    assertEquals(cleanText(clean), clean);
  }));
});

Deno.test("jsonLine() is JSON of the same value, without any character that a terminal would obey", () => {
  assertEquals(
    jsonLine({ name: "a\x9b31m\u202eb\u{e0001}" }),
    '{"name":"a\\u009b31m\\u202eb\\udb40\\udc01"}',
  );
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const line = jsonLine(text);
    assertEquals(JSON.parse(line), text);
    assertEquals(cleanText(line), line);
  }));
});
