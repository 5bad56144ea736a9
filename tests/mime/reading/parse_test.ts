import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { LimitError } from "../../../src/net/mod.ts";
import { MessageLimitError, parseMessage } from "../../../src/mime/reading/entity.ts";
import { readParts } from "../../../src/mime/reading/read_parts.ts";
import { outline, streamed } from "../../support/entities.ts";
import type { ParseLimits } from "../../../src/mime/reading/part_sink.ts";

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const lines = (...list: string[]) => list.join("\r\n");

const CASES: { name: string; text: string; expected: unknown }[] = [
  { name: "a plain message", text: "Subject: x\r\n\r\nHi\r\n", expected: ["text/plain", "Hi\r\n"] },
  { name: "a message without a body", text: "Subject: x\r\n", expected: ["text/plain", ""] },
  { name: "nothing", text: "", expected: ["text/plain", ""] },
  { name: "a message without a header", text: "\r\nHi", expected: ["text/plain", "Hi"] },
  {
    name: "text that is not a message",
    text: "Hello world\nx: y\n",
    expected: ["text/plain", "Hello world\nx: y\n"],
  },
  {
    name: "a line of a mailbox file",
    text: "From a@b Sat Jan  1\r\nX: y\r\n\r\nHi",
    expected: ["text/plain", "Hi"],
  },
  {
    name: "RFC 2046 §5.1.1's example",
    text: lines(
      'Content-type: multipart/mixed; boundary="simple boundary"',
      "",
      "This is the preamble.  It is to be ignored.",
      "",
      "--simple boundary",
      "",
      "This is implicitly typed plain US-ASCII text.",
      "It does NOT end with a linebreak.",
      "--simple boundary",
      "Content-type: text/plain; charset=us-ascii",
      "",
      "This is explicitly typed plain US-ASCII text.",
      "It DOES end with a linebreak.",
      "",
      "--simple boundary--",
      "",
      "This is the epilogue.  It is also to be ignored.",
    ),
    expected: ["multipart/mixed", [
      [
        "text/plain",
        "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.",
      ],
      [
        "text/plain",
        "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n",
      ],
    ]],
  },
  {
    name: "a digest and messages in it",
    text: lines(
      "Content-Type: multipart/digest; boundary=d",
      "",
      "--d",
      "",
      "Subject: one",
      "",
      "1",
      "--d",
      "Content-Type: text/plain",
      "",
      "2",
      "--d--",
    ),
    expected: ["multipart/digest", [["message/rfc822", [["text/plain", "1"]]], [
      "text/plain",
      "2",
    ]]],
  },
  {
    name: "a multipart in a multipart whose boundary it begins with",
    text: lines(
      "Content-Type: multipart/mixed; boundary=a",
      "",
      "--a",
      "Content-Type: multipart/alternative; boundary=ab",
      "",
      "--ab",
      "",
      "1",
      "--a-lookalike",
      "--ab  ",
      "",
      "2",
      "--ab--",
      "--a",
      "",
      "3",
      "--a--",
    ),
    expected: ["multipart/mixed", [
      ["multipart/alternative", [["text/plain", "1\r\n--a-lookalike"], ["text/plain", "2"]]],
      ["text/plain", "3"],
    ]],
  },
  {
    name: "bare LF",
    text: "Content-Type: multipart/mixed; boundary=a\n\n--a\n\n1\n--a\n\n2\n\n--a--\n",
    expected: ["multipart/mixed", [["text/plain", "1"], ["text/plain", "2\n"]]],
  },
  {
    name: "a lost last boundary",
    text: "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n1",
    expected: ["multipart/mixed", [["text/plain", "1"]], ["a multipart without its end"]],
  },
  {
    name: "a boundary that never comes",
    text: "Content-Type: multipart/mixed; boundary=a\r\n\r\n1",
    expected: ["multipart/mixed", "1", ["no part in a multipart"]],
  },
  {
    name: "no boundary",
    text: "Content-Type: multipart/mixed\r\n\r\n--a\r\n",
    expected: ["multipart/mixed", "--a\r\n", ["a multipart without a boundary"]],
  },
  {
    name: "an inner multipart that an outer boundary ends",
    text: lines(
      "Content-Type: multipart/mixed; boundary=a",
      "",
      "--a",
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b",
      "",
      "1",
      "--a",
      "",
      "2",
      "--a--",
    ),
    expected: ["multipart/mixed", [
      ["multipart/mixed", [["text/plain", "1"]], ["a multipart without its end"]],
      ["text/plain", "2"],
    ]],
  },
  {
    name: "a boundary amid a header",
    text: "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nX: y\r\n--a\r\n\r\n2\r\n--a--",
    expected: ["multipart/mixed", [
      ["text/plain", "", ["a header without an empty line after it"]],
      ["text/plain", "2"],
    ]],
  },
  {
    name: "a line in a header that is not a field",
    text: "X: y\r\nno field\r\nZ: z\r\n\r\nHi",
    expected: ["text/plain", "no field\r\nZ: z\r\n\r\nHi", [
      "a line in the header that is not a field",
    ]],
  },
  {
    name: "a message that was encoded as a whole",
    text: lines(
      "Content-Type: multipart/mixed; boundary=a",
      "",
      "--a",
      "Content-Type: message/rfc822",
      "Content-Transfer-Encoding: base64",
      "",
      btoa("Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ninner\r\n--i--\r\n"),
      "--a--",
    ),
    expected: ["multipart/mixed", [
      ["message/rfc822", [["multipart/mixed", [["text/plain", "inner"]]]]],
    ]],
  },
  {
    name: "encodings",
    text: lines(
      "Content-Type: multipart/mixed; boundary=a",
      "",
      "--a",
      "Content-Transfer-Encoding: QUOTED-PRINTABLE",
      "Content-Type: text/plain; charset=iso-8859-1",
      "",
      "gr=FCn=",
      "",
      "--a",
      "Content-Transfer-Encoding: base64",
      "Content-Type: text/plain; charset=utf-8",
      "",
      "Z3LDvG4=",
      "--a--",
    ),
    expected: ["multipart/mixed", [["text/plain", "grün"], ["text/plain", "grün"]]],
  },
  {
    name: "two content types",
    text: "Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\nx",
    expected: ["text/html", "x", ["content-type occurs more than once"]],
  },
];

for (const { name, text, expected } of CASES) {
  Deno.test(`parseMessage() reads ${name}`, () => {
    assertEquals(outline(parseMessage(latin1(text))), expected);
  });
  Deno.test(`readParts() reads ${name}, wherever it is cut`, async () => {
    const bytes = latin1(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      assertEquals(
        outline(await streamed([bytes.slice(0, cut), bytes.slice(cut)])),
        expected,
        `cut at ${cut}`,
      );
    }
    assertEquals(
      outline(await streamed(Array.from(bytes, (byte) => Uint8Array.of(byte)))),
      expected,
    );
  });
}

Deno.test("readParts() gives the same for any message, wherever it is cut", async () => {
  const parts = fc.constantFrom(
    "\r\n",
    "\n",
    "\r",
    "--",
    "--a",
    "--ab",
    "--a--",
    "a",
    "b",
    ": ",
    "X: y\r\n",
    " ",
    "Content-Type: multipart/mixed; boundary=a\r\n",
    "Content-Type: multipart/mixed; boundary=ab\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "\r\n\r\n",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(parts, { maxLength: 30 }),
      fc.array(fc.nat(40), { maxLength: 6 }),
      async (list, cuts) => {
        const bytes = latin1("Content-Type: multipart/mixed; boundary=a\r\n" + list.join(""));
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) pieces.push(bytes.slice(at, at += cut));
        pieces.push(bytes.slice(at));
        assertEquals(outline(await streamed(pieces)), outline(parseMessage(bytes)));
      },
    ),
    { numRuns: 3_000 },
  );
});

const nested = (depth: number) =>
  Array.from(
    { length: depth },
    (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
  ).join("");
const many = "Content-Type: multipart/mixed; boundary=a\r\n\r\n" +
  "--a\r\n\r\nx\r\n".repeat(10_000);
const LIMITS: { name: string; text: string; limits?: ParseLimits; limit: number; read: number }[] =
  [
    { name: "depth", text: nested(101), limit: 100, read: 100 },
    { name: "10,000 nested parts", text: nested(10_000), limit: 100, read: 100 },
    {
      name: "messages in messages",
      text: "Content-Type: message/rfc822\r\n\r\n".repeat(200),
      limit: 100,
      read: 100,
    },
    { name: "parts", text: many, limit: 10_000, read: 10_000 },
    {
      name: "a header",
      text: "X: y\r\n" + " z".repeat(100),
      limits: { maxHeaderBytes: 50 },
      limit: 50,
      read: 0,
    },
  ];

for (const { name, text, limits = {}, limit, read } of LIMITS) {
  Deno.test(`parseMessage() and readParts() have a limit: ${name}`, async () => {
    const error = assertThrows(() => parseMessage(latin1(text), limits), MessageLimitError);
    assertEquals(error.limit, limit);
    assertEquals([...error.root?.walk() ?? []].length, read);
    let count = 0;
    let found: unknown;
    try {
      for await (const _ of readParts([latin1(text)], limits)) count++;
    } catch (error) {
      found = error;
    }
    assertEquals([count, found instanceof LimitError], [read, true]);
  });
}

Deno.test("parseMessage() takes time in proportion to the message", () => {
  const head = "Content-Type: multipart/mixed; boundary=a\r\n\r\n";
  for (const text of ["\r\n--", "\n-", "--b\r\n", "\r", "\n", "--"]) {
    const start = performance.now();
    parseMessage(latin1(head + text.repeat(4_000_000 / text.length)));
    assertEquals(performance.now() - start < 5_000, true, JSON.stringify(text));
  }
});

Deno.test("readParts() closes its source when it is left early", async () => {
  let closed = false;
  async function* source() {
    try {
      while (true) yield latin1("Subject: x\r\n\r\n");
    } finally {
      closed = true;
    }
  }
  for await (const part of readParts(source())) {
    assertEquals(part.header.get("subject"), "x");
    break;
  }
  assertEquals(closed, true);
});
