/** Requests of HTTP/1.1: heads and bodies, well and malformed, wherever the bytes are cut. */

import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { ByteReader } from "../../../../src/net/mod.ts";
import { readRequestHead } from "../../../../src/protocols/http/internal.ts";
import { HttpError, readBody, type RequestHead } from "../../../../src/protocols/http/mod.ts";
import { MALFORMED_BODIES, MALFORMED_REQUESTS } from "../../../support/malformed_requests.ts";

const MAX_BODY = 1_000_000;

/** Each character is one byte. */
function bytesOf(wire: string): Uint8Array {
  return Uint8Array.from(wire, (character) => character.charCodeAt(0));
}

/** Reads as if the network gave so many bytes at a time. */
function readerOf(wire: string, size: number): ByteReader {
  const bytes = bytesOf(wire);
  let at = 0;
  return new ByteReader({
    read(p): Promise<number | null> {
      if (at === bytes.length) return Promise.resolve(null);
      const piece = bytes.subarray(at, at + Math.min(size, p.length));
      p.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
  });
}

const SIZES = [1, 2, 3, 7, 100_000];

async function readAll(reader: ByteReader): Promise<[head: RequestHead, body: string][]> {
  const all: [RequestHead, string][] = [];
  for (let head = await readRequestHead(reader); head; head = await readRequestHead(reader)) {
    let body = "";
    for await (const piece of readBody(reader, head.framing, MAX_BODY)) {
      body += String.fromCharCode(...piece);
    }
    all.push([head, body]);
  }
  return all;
}

const WELL: readonly [wire: string, ...expected: unknown[]][] = [
  ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", "a", true, ""],
  ["\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", "a", true, ""],
  ["GET /a%20b?c=d&e HTTP/1.1\r\nHOST:\tA:80 \r\n\r\n", "GET", "/a%20b?c=d&e", "a:80", true, ""],
  ["GET http://B/c?d HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/c?d", "b", true, ""],
  ["GET http://b?d HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/?d", "b", true, ""],
  ["GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "GET", "/", "[::1]:8080", true, ""],
  ["GET / HTTP/1.0\r\n\r\n", "GET", "/", "", false, ""],
  ["GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET", "/", "", true, ""],
  ["GET / HTTP/1.1\r\nHost:\r\nConnection: x, Close\r\n\r\n", "GET", "/", "", false, ""],
  ["OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS", "*", "a", true, ""],
  ["CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "CONNECT", "a:443", "a:443", true, ""],
  ["M-SEARCH / HTTP/1.9\r\nHost: a\r\nX: \xe9\r\n\r\n", "M-SEARCH", "/", "a", true, ""],
  ["PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "PUT", "/", "a", true, "abc"],
  [
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n" +
    '3;n="v"\r\nabc\r\n0A \r\n0123456789\r\n0\r\nX: y\r\n\r\n',
    "POST",
    "/",
    "a",
    true,
    "abc0123456789",
  ],
];

Deno.test("readRequestHead() and readBody() read requests, wherever the bytes are cut", async (t) => {
  for (const [wire, ...expected] of WELL) {
    await t.step(JSON.stringify(wire.slice(0, 60)), async () => {
      for (const size of SIZES) {
        // Twice, as a client that pipelines would: neither may eat from the other.
        const twice = expected[4] ? wire + wire : wire;
        const all = await readAll(readerOf(twice, size));
        assertEquals(all.length, expected[4] ? 2 : 1);
        for (const [{ method, target, host, keepAlive }, body] of all) {
          assertEquals([method, target, host, keepAlive, body], expected);
        }
      }
    });
  }
});

Deno.test("malformed requests are refused, wherever the bytes are cut", async (t) => {
  for (const [name, wire, status] of [...MALFORMED_REQUESTS, ...MALFORMED_BODIES]) {
    await t.step(name, async () => {
      for (const size of SIZES) {
        const error = await assertRejects(() => readAll(readerOf(wire, size)), HttpError);
        assertEquals(error.status, status, error.message);
      }
    });
  }
});

Deno.test("any bytes in any pieces give the same, and never hang", async () => {
  const alphabet = fc.constantFrom(
    ..."GET / HTTP/1.1\r\n:0123456789abcdefx;,".split(""),
    "\r\n",
    "\r\n\r\n",
    "Host: a\r\n",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n",
    "\xff",
    "\0",
  );
  const wires = fc.array(alphabet, { maxLength: 60 }).map((parts) => parts.join(""));
  await fc.assert(fc.asyncProperty(wires, fc.integer({ min: 1, max: 20 }), async (wire, size) => {
    const outcome = (at: number): Promise<unknown> =>
      readAll(readerOf(wire, at)).then(
        (all) => all.map(([{ method, target, host }, body]) => [method, target, host, body]),
        (error) => error.message,
      );
    assertEquals(await outcome(size), await outcome(100_000));
  }));
});

Deno.test("a chunked body is read as written, and the bytes behind it are not touched", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 50 }), async (chunks, size) => {
      const texts = chunks.map((chunk) => String.fromCharCode(...chunk));
      const wire = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
        texts.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join("") + "0\r\n\r\n";
      const all = await readAll(readerOf(`${wire}GET /next HTTP/1.1\r\nHost: a\r\n\r\n`, size));
      assertEquals(all.map(([{ target }, body]) => [target, body]), [["/", texts.join("")], [
        "/next",
        "",
      ]]);
    }),
  );
});
