import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { jsonLine } from "../../../src/net/internal.ts";
import { escapeControls } from "../../../src/net/mod.ts";

const CASES: readonly [dirty: string, clean: string][] = [
  ["plain, ä, 漢字, 👋\t", "plain, ä, 漢字, 👋\t"],
  ["\x1b[2J", "\\x1b[2J"],
  ["a\r\nb", "a\\r\\nb"],
  ["\x00\x7f\x9b", "\\x00\\x7f\\x9b"],
  ["\u202egnp.exe", "\\u{202e}gnp.exe"],
  ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
  ["\ud800", "\\u{d800}"],
];

Deno.test("escapeControls() escapes terminal controls", () => {
  for (const [dirty, clean] of CASES) assertEquals(escapeControls(dirty), clean);
  assertEquals(escapeControls("a\nb\x1b", { lines: true }), "a\nb\\x1b");
  assertEquals(escapeControls("abcdef", { maxLength: 3 }), "abc…");
});

Deno.test("escapeControls() lets no control through, and changes clean text no more", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const clean = escapeControls(text);
    assertEquals(
      [...clean].some((c) => c !== "\t" && (c < " " || (c >= "\x7f" && c <= "\x9f"))),
      false,
    );
    assertEquals(escapeControls(clean), clean);
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
    assertEquals(escapeControls(line), line);
  }));
});

Deno.test("joiners stay where they are part of the spelling, and nowhere else", async (t) => {
  const stay = [
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👩🏽‍💻",
    "می‌خواهم",
    "क्‍ष",
    "शरद्‌काल",
  ];
  for (const text of stay) await t.step(text, () => assertEquals(escapeControls(text), text));
  const escaped: readonly [text: string, shown: string][] = [
    ["ad\u200cmin", "ad\\u{200c}min"],
    ["ad\u200dmin", "ad\\u{200d}min"],
    ["\u200dx", "\\u{200d}x"],
    ["👩\u200d", "👩\\u{200d}"],
    ["👩\u200c👩", "👩\\u{200c}👩"],
    ["ی\u200c\u200cی", "ی\\u{200c}\\u{200c}ی"],
  ];
  for (const [text, shown] of escaped) {
    await t.step(shown, () => assertEquals(escapeControls(text), shown));
  }
});
