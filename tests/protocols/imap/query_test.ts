import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../../src/net/mod.ts";
import { astring, type CommandPiece } from "../../../src/protocols/imap/codec/command_piece.ts";
import { Cursor, decodeText } from "../../../src/protocols/imap/codec/cursor.ts";
import { formatDateTime, parseDateTime } from "../../../src/protocols/imap/codec/date.ts";
import { searchPieces, type SearchQuery } from "../../../src/protocols/imap/codec/search_query.ts";
import { formatUidSet, parseUidSet } from "../../../src/protocols/imap/codec/uid_set.ts";
import { latin1 } from "../../support/bytes.ts";

/** Shows a command without literals. */
function shown(pieces: readonly CommandPiece[]): string {
  return pieces.map((piece) => typeof piece === "string" ? piece : "{literal}").join("");
}

const DAY = new Date("2026-02-03T23:00:00Z");
/** Queries, and their keys (RFC 9051 §6.4.4, RFC 5032, RFC 7162, RFC 8474). */
const QUERIES: readonly (readonly [SearchQuery, string])[] = [
  [{}, "ALL"],
  [{ seen: false, flagged: true }, "UNSEEN FLAGGED"],
  [{ uids: [3, 1, 2], deleted: false }, "UID 1:3 UNDELETED"],
  [{ uids: [] }, "NOT ALL"],
  [{ from: "Smith", since: DAY }, 'FROM "Smith" SINCE 3-Feb-2026'],
  [{ subject: "ü" }, "SUBJECT {literal}"],
  [{ header: { "X-Spam": "", "list-id": "a b" } }, 'HEADER X-Spam "" HEADER list-id "a b"'],
  [{ larger: 10, smaller: 20, youngerSeconds: 60 }, "YOUNGER 60 LARGER 10 SMALLER 20"],
  [{ keyword: "$Junk", withoutKeyword: "x" }, "KEYWORD $Junk UNKEYWORD x"],
  [{ modseq: 620162338n, emailId: "M1" }, "EMAILID M1 MODSEQ 620162338"],
  [{ gmail: "has:attachment" }, 'X-GM-RAW "has:attachment"'],
  [{ any: [{ seen: true }] }, "(SEEN)"],
  [{ any: [] }, "NOT ALL"],
  [
    { any: [{ from: "a" }, { to: "b", seen: true }, {}], none: [{ text: "c" }, {}] },
    'OR (FROM "a") OR (SEEN TO "b") (ALL) NOT (TEXT "c") NOT (ALL)',
  ],
  [{ none: [{ any: [{ draft: true }, { answered: false }] }] }, "NOT (OR (DRAFT) (UNANSWERED))"],
];

for (const [query, expected] of QUERIES) {
  Deno.test(`a search: ${expected}`, () =>
    assertEquals(shown(searchPieces(query, false)), expected));
}

Deno.test("a search in UTF-8 has it in quotes, and a deep one is refused", () => {
  assertEquals(shown(searchPieces({ subject: 'ü"' }, true)), 'SUBJECT "ü\\""');
  let deep: SearchQuery = { seen: true };
  for (let depth = 0; depth < 60; depth++) deep = { none: [deep] };
  assertThrows(() => searchPieces(deep, false), UsageError);
  assertThrows(() => searchPieces({ larger: -1 }, false), UsageError);
});

Deno.test("sets are short, and mean the same numbers", () => {
  assertEquals(formatUidSet([9, 1, 2, 3, 3]), ["1:3,9"]);
  assertEquals(formatUidSet(5), ["5"]);
  assertEquals(formatUidSet("5:*,7"), ["5:*,7"]);
  assertEquals(formatUidSet([1, 3, 5, 7], 5), ["1,3,5", "7"]);
  for (const bad of ["", "a", "1,", "0", "1:0", "1;2", "1 2", "*:"]) {
    assertThrows(() => formatUidSet(bad), UsageError);
  }
  for (const bad of [0, -1, 1.5, NaN, 2 ** 32]) {
    assertThrows(() => formatUidSet([1, bad]), UsageError);
  }
  for (const bad of ["", "x", "1,,2", "1:2:3", "*", "1:4294967296", "1:1000"]) {
    assertEquals(parseUidSet(bad, 100), undefined);
  }
  assertEquals(parseUidSet("4:2,9", 100), [2, 3, 4, 9]);
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
    fc.integer({ min: 3, max: 40 }),
    (uids, maxLength) => {
      const sets = formatUidSet(uids, maxLength);
      const found = sets.flatMap((set) => parseUidSet(set, 1000)!);
      assertEquals(found, [...new Set(uids)].sort((a, b) => a - b));
      assertEquals(sets.every((set) => set.length <= Math.max(maxLength, 5)), true);
    },
  ));
});

Deno.test("a string comes back from its command", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, utf8) => {
    fc.pre(!text.includes("\0") && text.isWellFormed());
    const piece = astring(text, utf8);
    if (typeof piece !== "string") {
      assertEquals(
        "content" in piece && latin1([...piece.content as Uint8Array[]][0]!).length,
        new TextEncoder().encode(text).length,
      );
      return;
    }
    const wire = String.fromCharCode(...new TextEncoder().encode(piece));
    assertEquals(decodeText(new Cursor([wire]).astring()), text);
  }));
});

Deno.test("dates are read and written", () => {
  assertEquals(parseDateTime("17-Jul-1996 02:44:25 -0730"), new Date("1996-07-17T10:14:25Z"));
  assertEquals(parseDateTime(" 1-jan-2026 00:00:00 +0100"), new Date("2025-12-31T23:00:00Z"));
  for (const bad of ["", "x", "17-Foo-1996 02:44:25 -0730", "17-Jul-1996"]) {
    assertEquals(parseDateTime(bad), undefined);
  }
  fc.assert(fc.property(
    fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }),
    (date) => {
      const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
      assertEquals(parseDateTime(formatDateTime(seconds)), seconds);
    },
  ));
});
