/** RFC 8288 §3.5, and what servers write instead. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseLinks } from "../../../../src/protocols/http/mod.ts";

const FIELDS: readonly (readonly [field: string, result: string])[] = [
  [
    '<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter"',
    "http://example.com/TheBook/chapter2 previous",
  ],
  ['</>; rel="http://example.net/foo"', "/ http://example.net/foo"],
  ['</terms>; rel="copyright"; anchor="#foo"', "/terms copyright"],
  [
    '</x>; rel="previous"; title*=UTF-8\'de\'letztes%20Kapitel, </y>; rel="next"',
    "/x previous|/y next",
  ],
  [
    '<http://example.org/>; rel="start http://example.net/relation/other"',
    "http://example.org/ start,http://example.net/relation/other",
  ],
  ["<https://a/b,c;d>;rel=Next;rel=x", "https://a/b,c;d next"],
  ['<a>; title="b, <c>; rel=d"; rel=e', "a e"],
  [" , <a> , ;<b>", "a "],
  ["<a", ""],
  ["a", ""],
  ["", ""],
];

for (const [field, expected] of FIELDS) {
  Deno.test(`parseLinks(): ${field}`, () => {
    const found = parseLinks([field]).map(({ target, rel }) => `${target} ${rel.join()}`).join("|");
    assertEquals(found, expected);
  });
}

Deno.test("parseLinks(): any text is read, and soon", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseLinks([text])));
  const start = performance.now();
  for (const piece of ["<", "<a>", "<a>;", '<a>;b="', "; ", ",", '<a>;b="\\', "<a>; b = c "]) {
    parseLinks([piece.repeat(50_000)]);
  }
  assert(performance.now() - start < 3000);
});
