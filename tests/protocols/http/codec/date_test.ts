/** Dates of HTTP, from the examples of RFC 9110 §5.6.7. */

import { assertEquals } from "@std/assert";
import { formatHttpDate, parseHttpDate } from "../../../../src/protocols/http/internal.ts";

Deno.test("parseHttpDate() knows the three forms, and nothing else", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const iso = (text: string): string | undefined => parseHttpDate(text, now)?.toISOString();
  for (
    const text of [
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
    ]
  ) assertEquals(iso(text), "1994-11-06T08:49:37.000Z");
  assertEquals(iso("Friday, 01-Jan-70 00:00:00 GMT"), "2070-01-01T00:00:00.000Z");
  assertEquals(iso("Friday, 01-Jan-77 00:00:00 GMT"), "1977-01-01T00:00:00.000Z");
  for (
    const text of [
      "",
      "now",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 06 Nov 1994 08:49:37 GMT ",
      "Sun, 31 Feb 1994 08:49:37 GMT",
      "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 25:49:37 GMT",
      "1994-11-06T08:49:37Z",
    ]
  ) assertEquals(iso(text), undefined, text);
  const date = new Date("2026-11-25T07:00:01Z");
  assertEquals(formatHttpDate(date), "Wed, 25 Nov 2026 07:00:01 GMT");
  assertEquals(parseHttpDate(formatHttpDate(date)), date);
});
