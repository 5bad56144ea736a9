/** Content-Type as servers write it. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseMediaType } from "../../../../src/protocols/http/codec/media_type.ts";

const FIELDS:
  readonly (readonly [field: string | undefined, type: string, charset: string | undefined])[] = [
    ["text/html", "text/html", undefined],
    ["TEXT/HTML;Charset=ISO-8859-1", "text/html", "iso-8859-1"],
    ['text/html; a=b; charset="utf-8"', "text/html", "utf-8"],
    ["text/html; charset = 'utf-8'", "text/html", "utf-8"],
    ["text/html;charset=", "text/html", undefined],
    ["image/svg+xml", "image/svg+xml", undefined],
    [";charset=utf-8", "", "utf-8"],
    ["html", "", undefined],
    ["", "", undefined],
    [undefined, "", undefined],
  ];

Deno.test("parseMediaType(): as servers write it", () => {
  for (const [field, type, charset] of FIELDS) {
    assertEquals(parseMediaType(field), { type, charset }, field);
  }
  fc.assert(fc.property(fc.string(), (text) => void parseMediaType(text)));
  const start = performance.now();
  for (const piece of ["a/b;", ";charset", "; charset =", "a", " "]) {
    parseMediaType(piece.repeat(50_000));
  }
  assert(performance.now() - start < 1000);
});
