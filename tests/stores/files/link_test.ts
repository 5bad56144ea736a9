import { assertEquals } from "@std/assert";
import { isWithinRoot } from "../../../src/stores/internal.ts";

const CASES: [path: string, target: string, inside: boolean][] = [
  ["a", "b", true],
  ["a", "./b//c", true],
  ["a", ".", true],
  ["d/a", "..", true],
  ["d/a", "../b", true],
  ["d/e/a", "../../b", true],
  ["a", "..", false],
  ["a", "../b", false],
  ["d/a", "../../b", false],
  // "b" may be a link that leads to the root.
  ["d/e/a", "b/../c", false],
  ["a", "/etc/passwd", false],
  ["a", "", false],
  ["a", "C:\\x", false],
  ["a", "b\\..\\..", false],
  ["a", "b\nc", false],
];

for (const [path, target, inside] of CASES) {
  Deno.test(`isWithinRoot() of ${JSON.stringify(target)} at ${path} is ${inside}`, () => {
    assertEquals(isWithinRoot(path.split("/"), target), inside);
  });
}
