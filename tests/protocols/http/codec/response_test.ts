import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  ByteReader,
  DisconnectedError,
  LimitError,
  NetwrightError,
  ProtocolError,
} from "../../../../src/net/mod.ts";
import { readResponseHead, responseBody } from "../../../../src/protocols/http/internal.ts";
import { latin1 } from "../../../support/bytes.ts";

/** A connection that brings these bytes in pieces of given sizes. */
function readerOf(text: string, sizes: readonly number[] = [65_536]): ByteReader {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  let at = 0;
  let turn = 0;
  return new ByteReader({
    read(p) {
      const size = Math.min(p.length, sizes[turn++ % sizes.length]!, bytes.length - at);
      if (size === 0) return Promise.resolve(null);
      p.set(bytes.subarray(at, at += size));
      return Promise.resolve(size);
    },
  });
}

async function read(text: string, method = "GET", sizes?: readonly number[]): Promise<unknown[]> {
  const reader = readerOf(text, sizes);
  const head = await readResponseHead(reader, method);
  if (head === undefined) return [];
  let body = "";
  const source = responseBody(reader, head);
  const buffer = new Uint8Array(7);
  for (let count; (count = await source.read(buffer)) !== null;) {
    body += latin1(buffer.subarray(0, count));
  }
  return [head.status, head.reason, head.framing.kind, head.keepAlive, body, reader.buffered];
}

const GOOD: readonly [name: string, method: string, text: string, result: readonly unknown[]][] = [
  ["counted", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcX", [
    200,
    "OK",
    "length",
    true,
    "abc",
    1,
  ]],
  ["chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", [
    200,
    "OK",
    "chunked",
    true,
    "ab",
    0,
  ]],
  ["up to the end", "GET", "HTTP/1.1 200 Fine\r\n\r\nabc", [200, "Fine", "rest", false, "abc", 0]],
  ["HTTP/1.0", "GET", "HTTP/1.0 404 \r\nContent-Length: 0\r\n\r\n", [
    404,
    "",
    "none",
    false,
    "",
    0,
  ]],
  ["no reason", "GET", "HTTP/1.1 204\r\n\r\n", [204, "", "none", true, "", 0]],
  ["to HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", [
    200,
    "OK",
    "none",
    true,
    "",
    0,
  ]],
  ["not modified", "GET", "HTTP/1.1 304 N\r\nContent-Length: 9\r\n\r\n", [
    304,
    "N",
    "none",
    true,
    "",
    0,
  ]],
  [
    "after a 100",
    "GET",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nz",
    [
      200,
      "OK",
      "length",
      false,
      "z",
      0,
    ],
  ],
  [
    "the same length twice",
    "GET",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nz",
    [
      200,
      "OK",
      "length",
      true,
      "z",
      0,
    ],
  ],
  ["nothing", "GET", "", []],
  // What old and careless servers write is understood, but the connection ends after it.
  ["lines without CR", "GET", "HTTP/1.1 200 OK\nContent-Length: 1\n\nz", [
    200,
    "OK",
    "length",
    false,
    "z",
    0,
  ]],
  ["a blank before a colon", "GET", "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\nz", [
    200,
    "OK",
    "length",
    true,
    "z",
    0,
  ]],
  ["folded, and no field at all", "GET", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n?\r\n\r\nz", [
    200,
    "OK",
    "rest",
    false,
    "z",
    0,
  ]],
  ["a length in a fold", "GET", "HTTP/1.1 200 OK\r\nContent-Length:\r\n 1\r\n\r\nz", [
    200,
    "OK",
    "length",
    true,
    "z",
    0,
  ]],
  [
    "both length fields",
    "GET",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\nz\n0\n\n",
    [200, "OK", "chunked", false, "z", 0],
  ],
  [
    "the same length twice in one field",
    "GET",
    "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nz",
    [
      200,
      "OK",
      "length",
      true,
      "z",
      0,
    ],
  ],
  ["an empty line before it", "GET", "\r\nHTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", [
    999,
    "Denied",
    "none",
    true,
    "",
    0,
  ]],
];

for (const [name, method, text, result] of GOOD) {
  Deno.test(`readResponseHead(): ${name}, in any pieces`, async () => {
    assertEquals(await read(text, method), result);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (sizes) => {
          const split = await read(text, method, sizes);
          assertEquals(split.slice(0, 5), result.slice(0, 5));
        },
      ),
      { numRuns: 20 },
    );
  });
}

// deno-lint-ignore no-explicit-any -- whatever the error is made of
type ErrorClass = abstract new (...args: any[]) => NetwrightError;

const BAD: readonly [
  text: string,
  error: ErrorClass,
][] = [
  ["HTTP/2 200 OK\r\n\r\n", ProtocolError],
  ["HTTP/1.1 20 OK\r\n\r\n", ProtocolError],
  ["HTTP/1.1  200 OK\r\n\r\n", ProtocolError],
  ["HTTP/1.1 200 O\0K\r\n\r\n", ProtocolError],
  ["220 ready\r\n\r\n", ProtocolError],
  ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", ProtocolError],
  ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", ProtocolError],
  ["HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", ProtocolError],
  ["HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", DisconnectedError],
  ["HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", ProtocolError],
  ["HTTP/1.1 103 Hints\r\n\r\n".repeat(101), LimitError],
  ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", ProtocolError],
  ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", DisconnectedError],
  ["HTTP/1.1 200 OK\r\nCont", DisconnectedError],
  [`HTTP/1.1 200 OK\r\nA: ${"x".repeat(70_000)}`, LimitError],
  [`HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(1001)}\r\n`, LimitError],
];

Deno.test("readResponseHead() refuses malformed and oversized heads", async (t) => {
  for (const [text, error] of BAD) {
    await t.step(JSON.stringify(text.slice(0, 60)), async () => {
      await assertRejects<NetwrightError>(() => read(text), error);
    });
  }
});

Deno.test("readResponseHead() takes any bytes without hanging", async () => {
  const bytes = fc.string({ unit: "binary-ascii", maxLength: 300 });
  await fc.assert(fc.asyncProperty(bytes, async (text) => {
    await read(`HTTP/1.1 200 OK\r\n${text}`).catch((error) => {
      if (!(error instanceof ProtocolError || error instanceof DisconnectedError)) throw error;
    });
  }));
});
