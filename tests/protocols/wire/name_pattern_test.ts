/** Patterns of names beside picomatch, and hostile ones in bounded time. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import picomatch from "picomatch";
import { matchesName } from "../../../src/protocols/wire/internal.ts";

const CASES: readonly (readonly [pattern: string, name: string, matches: boolean])[] = [
  ["*", "a", true],
  ["*", ".a", false],
  [".*", ".a", true],
  ["*.txt", "a.txt", true],
  ["*.txt", "a.txt.gz", false],
  ["a?c", "a\u{1f600}c", true],
  ["[a-c]x", "bx", true],
  ["[!a-c]x", "bx", false],
  ["[^a-c]x", "dx", true],
  ["[]x]", "]", true],
  ["a[", "a[", true],
  ["**a**", "bab", true],
  ["", "", true],
  ["", "a", false],
];

Deno.test("names match patterns", () => {
  for (const [pattern, name, matches] of CASES) {
    assertEquals(matchesName(pattern, name), matches, `${pattern} ${name}`);
  }
});

Deno.test("a pattern of stars and letters matches as picomatch says", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "*", "?"),
    minLength: 1,
    maxLength: 12,
  });
  const name = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 12 });
  fc.assert(fc.property(text, name, (pattern, name) => {
    const single = pattern.replaceAll(/\*+/g, "*");
    assertEquals(matchesName(pattern, name), picomatch.isMatch(name, single));
  }));
});

Deno.test("a hostile pattern takes bounded time", () => {
  const start = performance.now();
  assertEquals(matchesName("*a".repeat(2000), "a".repeat(4000) + "b"), false);
  assertEquals(performance.now() - start < 2000, true);
});
