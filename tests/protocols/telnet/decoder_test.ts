import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { LimitError } from "../../../src/net/mod.ts";
import { encodeTelnet, TelnetDecoder } from "../../../src/protocols/telnet/decoder.ts";

/** Decodes bytes in pieces of given sizes. */
function decode(
  bytes: Uint8Array,
  sizes: readonly number[] = [],
  isBinary = false,
): { readonly data: number[]; readonly events: string[] } {
  const data: number[] = [];
  const events: string[] = [];
  const decoder = new TelnetDecoder({
    negotiation: (verb, option) => events.push(`${verb} ${option} @${data.length}`),
    subnegotiation: (option, content) => events.push(`sb ${option} ${[...content]}`),
    signal: (name, at) => events.push(`${name} @${data.length + at}`),
  });
  decoder.isBinary = isBinary;
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % Math.max(1, sizes.length)] ?? bytes.length);
    const piece = bytes.slice(at, at + size);
    const count = decoder.decode(piece);
    data.push(...piece.subarray(0, count));
    at += size;
  }
  return { data, events };
}

const CASES: readonly [title: string, bytes: readonly number[], data: string, events: string[]][] =
  [
    ["plain text", [...b("hello\r\n")], "hello\r\n", []],
    ["IAC doubled", [97, 255, 255, 98], "a\xffb", []],
    ["CR NUL is CR", [...b("a\r\0b")], "a\rb", []],
    ["NUL elsewhere stays", [...b("a\0b\r\0\0")], "a\0b\r\0", []],
    ["CR LF stays", [...b("a\r\n")], "a\r\n", []],
    ["CR NUL around a command", [13, 255, 241, 0, 97], "\ra", ["nop @1"]],
    ["negotiation amid text", [97, 255, 251, 1, 98], "ab", ["will 1 @0"]],
    ["subnegotiation", [255, 250, 24, 1, 255, 240], "", ["sb 24 1"]],
    ["IAC in a subnegotiation", [255, 250, 31, 0, 255, 255, 0, 24, 255, 240], "", [
      "sb 31 0,255,0,24",
    ]],
    ["a subnegotiation without its end", [255, 250, 24, 1, 255, 246, 97], "a", ["ayt @0"]],
    ["an unknown command", [255, 1, 97], "a", []],
    ["SE without SB", [255, 240, 97], "a", []],
    ["a prompt's mark", [36, 32, 255, 249], "$ ", ["ga @2"]],
  ];

function b(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

Deno.test("data and commands are separated", () => {
  for (const [title, bytes, data, events] of CASES) {
    for (const size of [bytes.length, 1, 2, 3]) {
      const found = decode(Uint8Array.from(bytes), [size]);
      assertEquals(found.data, b(data), title);
      if (size === bytes.length) assertEquals(found.events, events, title);
    }
  }
});

Deno.test("the data does not depend on how the bytes are cut", () => {
  // Bytes that mean something come often.
  const byte = fc.oneof(
    fc.constantFrom(255, 250, 240, 251, 252, 253, 254, 13, 10, 0, 246),
    fc.integer({ min: 0, max: 255 }),
  );
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 200 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      (bytes, sizes, isBinary) => {
        const whole = decode(Uint8Array.from(bytes), [], isBinary);
        assertEquals(decode(Uint8Array.from(bytes), sizes, isBinary).data, whole.data);
        assertEquals(decode(Uint8Array.from(bytes), [1], isBinary).data, whole.data);
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("encoding and decoding are inverse", () => {
  const byte = fc.oneof(fc.constantFrom(255, 13, 10, 0), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(fc.array(byte, { maxLength: 20 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      (pieces, size, isBinary) => {
        const sent = pieces.flatMap((piece) => [
          ...encodeTelnet(Uint8Array.from(piece), isBinary),
        ]);
        assertEquals(decode(Uint8Array.from(sent), [size], isBinary).data, pieces.flat());
        assertEquals(decode(Uint8Array.from(sent), [size], isBinary).events, []);
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("a subnegotiation has a limit, also byte by byte", () => {
  for (const size of [1, 1000]) {
    const decoder = new TelnetDecoder(
      { negotiation() {}, subnegotiation() {}, signal() {} },
      { maxSubnegotiationBytes: 5000 },
    );
    decoder.decode(Uint8Array.of(255, 250, 24));
    assertThrows(
      () => {
        for (let sent = 0; sent < 6000; sent += size) decoder.decode(new Uint8Array(size).fill(65));
      },
      LimitError,
      "larger than 5000 bytes",
    );
  }
});
