/** The PROXY protocol: headers of both versions, divided in any way, malformed ones, and no byte too many. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  formatEndpoint,
  memoryNetwork,
  ProtocolError,
  TimeoutError,
} from "../../../src/net/mod.ts";
import { type ProxiedAddresses, readProxyHeader } from "../../../src/protocols/wire/mod.ts";

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A header of version 2. */
function v2(
  command: number,
  kind: number,
  body: readonly number[],
  length = body.length,
): Uint8Array {
  return Uint8Array.from([...SIGNATURE, command, kind, length >> 8, length & 255, ...body]);
}

/** What is read of bytes that come in pieces, and what is left for the service. */
async function read(
  stream: Uint8Array,
  pieces: readonly number[] = [],
): Promise<{ addresses: ProxiedAddresses | undefined; rest: string }> {
  const network = memoryNetwork();
  using listener = network.listen({ port: 80 });
  using proxy = await network.connect({ hostname: "127.0.0.1", port: 80 });
  using connection = await listener.accept();
  const sending = (async () => {
    let at = 0;
    for (const piece of [...pieces, stream.length]) {
      if (at >= stream.length || piece === 0) continue;
      at += await proxy.write(stream.subarray(at, at + piece));
    }
    await proxy.closeWrite();
  })();
  const addresses = await readProxyHeader(connection, { timeoutMs: 2000 });
  await sending;
  const rest: number[] = [];
  const buffer = new Uint8Array(100);
  for (let count; (count = await connection.read(buffer)) !== null;) {
    rest.push(...buffer.subarray(0, count));
  }
  return { addresses, rest: new TextDecoder().decode(Uint8Array.from(rest)) };
}

const V4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x13, 0x88, 0x01, 0xbb];
const V6 = [
  ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
  ...[0x13, 0x88, 0x01, 0xbb],
];
const path = (text: string): number[] => [...bytes(text.padEnd(108, "\0"))];

const ROWS: readonly (readonly [name: string, header: Uint8Array, source: string, to: string])[] = [
  [
    "v1 TCP4",
    bytes("PROXY TCP4 192.0.2.1 198.51.100.2 5000 443\r\n"),
    "192.0.2.1:5000",
    "198.51.100.2:443",
  ],
  [
    "v1 TCP6",
    bytes("PROXY TCP6 2001:db8::1 2001:db8::2 5000 443\r\n"),
    "[2001:db8::1]:5000",
    "[2001:db8::2]:443",
  ],
  ["v1 UNKNOWN", bytes("PROXY UNKNOWN\r\n"), "", ""],
  ["v1 UNKNOWN with addresses", bytes("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), "", ""],
  ["v2 TCP over IPv4", v2(0x21, 0x11, V4), "192.0.2.1:5000", "198.51.100.2:443"],
  ["v2 UDP over IPv4", v2(0x21, 0x12, V4), "192.0.2.1:5000", "198.51.100.2:443"],
  ["v2 TCP over IPv6", v2(0x21, 0x21, V6), "[2001:db8::1]:5000", "[2001:db8::2]:443"],
  [
    "v2 with further values",
    v2(0x21, 0x11, [...V4, 4, 0, 2, 1, 2]),
    "192.0.2.1:5000",
    "198.51.100.2:443",
  ],
  ["v2 UNIX", v2(0x21, 0x31, [...path("/run/a"), ...path("/run/b")]), "unix:/run/a", "unix:/run/b"],
  ["v2 LOCAL", v2(0x20, 0x00, []), "", ""],
  ["v2 LOCAL with addresses", v2(0x20, 0x11, V4), "", ""],
  ["v2 of an unknown family", v2(0x21, 0x00, [1, 2, 3]), "", ""],
];

for (const [name, header, source, destination] of ROWS) {
  Deno.test(`PROXY header: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 20 }), async (pieces) => {
        const stream = Uint8Array.from([...header, ...bytes("GET /\r\n")]);
        const { addresses, rest } = await read(stream, pieces);
        assertEquals(
          addresses === undefined
            ? ["", ""]
            : [formatEndpoint(addresses.source), formatEndpoint(addresses.destination)],
          [source, destination],
        );
        assertEquals(rest, "GET /\r\n");
      }),
      { numRuns: 20 },
    );
  });
}

Deno.test("PROXY headers that are none end the connection", async () => {
  const rows: readonly Uint8Array[] = [
    bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    bytes("PROXY TCP4 192.0.2.1 198.51.100.2 5000 443\n\n\n"),
    bytes("PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n"),
    bytes("PROXY TCP4 192.0.2.1 198.51.100.2 05000 443\r\n"),
    bytes("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n"),
    bytes("PROXY TCP4 192.0.2.300 198.51.100.2 1 2\r\n"),
    bytes("PROXY TCP4 192.0.2.1  198.51.100.2 1 2\r\n"),
    bytes("PROXY TCP5 192.0.2.1 198.51.100.2 1 2\r\n"),
    bytes(`PROXY UNKNOWN ${"x".repeat(200)}\r\n`),
    bytes("PROXY TCP4 192.0"),
    bytes("PROXY"),
    v2(0x11, 0x11, V4),
    v2(0x22, 0x11, V4),
    v2(0x21, 0x11, V4.slice(1)),
    v2(0x21, 0x21, V4),
    v2(0x21, 0x11, V4, 5000),
    v2(0x21, 0x11, V4, 60),
  ];
  for (const row of rows) {
    await assertRejects(() => read(row), ProtocolError, "PROXY header");
  }
});

Deno.test("any bytes give addresses or a clear error, and silence costs its time only", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(new Uint8Array(0), bytes("PROXY "), Uint8Array.from(SIGNATURE)),
      async (tail, head) => {
        try {
          await read(Uint8Array.from([...head, ...tail]));
        } catch (error) {
          assert(error instanceof ProtocolError, String(error));
        }
      },
    ),
  );
  const network = memoryNetwork();
  using listener = network.listen({ port: 80 });
  using _silent = await network.connect({ hostname: "127.0.0.1", port: 80 });
  using connection = await listener.accept();
  await assertRejects(() => readProxyHeader(connection, { timeoutMs: 20 }), TimeoutError);
});
