import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Base64Decoder, Base64Encoder, decodeBase64Text } from "../../../src/mime/coding/base64.ts";
import {
  QuotedPrintableDecoder,
  QuotedPrintableEncoder,
} from "../../../src/mime/coding/quoted_printable.ts";
import { UuDecoder } from "../../../src/mime/coding/uuencode.ts";
import { encodeAll, type TransferCoder } from "../../../src/mime/coding/transfer_coding.ts";
import { concat } from "../../../src/net/internal.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

/** Codes pieces without joining them. */
function inPieces(coder: TransferCoder, bytes: Uint8Array, cuts: readonly number[]): string {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    const end = Math.min(bytes.length, at + cut);
    pieces.push(coder.push(bytes.slice(at, end)).slice());
    at = end;
  }
  pieces.push(coder.end());
  return decode(concat(pieces));
}

const QUOTED: { name: string; text: string; expected: string; defect?: boolean }[] = [
  {
    name: "the RFC's example",
    text: "Now's the time =\r\nfor all",
    expected: "Now's the time for all",
  },
  { name: "escapes of both cases", text: "=e9=E9==3d", expected: "\xe9\xe9==", defect: true },
  { name: "white space at a line's end", text: "a  \t\r\nb \n", expected: "a\r\nb\n" },
  { name: "white space at the very end", text: "a  ", expected: "a" },
  { name: "a soft break with white space", text: "a= \t\r\nb", expected: "ab" },
  { name: "a soft break by a bare LF", text: "a=\nb", expected: "ab" },
  { name: "a soft break at the very end", text: "a=", expected: "a" },
  {
    name: "an equals sign that escapes nothing",
    text: "a=b=zz=4",
    expected: "a=b=zz=4",
    defect: true,
  },
  { name: "8-bit characters", text: "a\xe9b", expected: "a\xe9b" },
  { name: "a CR amid a line", text: "a\rb", expected: "a\rb" },
];

for (const { name, text, expected, defect = false } of QUOTED) {
  Deno.test(`QuotedPrintableDecoder reads ${name}, wherever it is cut`, () => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = 0; second <= bytes.length - first; second++) {
        const decoder = new QuotedPrintableDecoder();
        assertEquals(inPieces(decoder, bytes, [first, second]), expected);
        assertEquals(decoder.defect !== undefined, defect, `cut at ${first} and ${second}`);
      }
    }
  });
}

const BASE64: { name: string; text: string; expected: string; defect?: boolean }[] = [
  { name: "RFC 4648's vectors", text: "Zm9vYmFy", expected: "foobar" },
  { name: "one with padding", text: "Zm9vYg==\r\n", expected: "foob" },
  { name: "lines", text: "Zm9v\r\nYm\r\nFy\r\n", expected: "foobar" },
  { name: "lost padding", text: "Zm9vYg", expected: "foob", defect: true },
  { name: "padding amid the data", text: "Zm8=Zm8=Zg==Zg==", expected: "fofoff", defect: true },
  {
    name: "pieces that were encoded by themselves",
    text: "Zg==\nZm9vYg==\r\nZm9v\n",
    expected: "ffoobfoo",
    defect: true,
  },
  {
    name: "the footer of a list",
    text: "Zm8=\n_____\nlist mailing list\nlist@x\n",
    expected: "fo",
    defect: true,
  },
  {
    name: "a footer of words",
    text: "Zm8=\r\n\r\nthe list of b c\r\nlist\r\n",
    expected: "fo",
    defect: true,
  },
  { name: "a footer without its end", text: "Zm8=\na b", expected: "fo", defect: true },
  { name: "data without its end", text: "Zm8=\nZm9v", expected: "fofoo", defect: true },
  { name: "empty lines behind the padding", text: "Zm8=\r\n\r\n \n", expected: "fo" },
  {
    name: "characters outside the alphabet",
    text: "Zm-9v!Ym Fy",
    expected: "foobar",
    defect: true,
  },
  { name: "a digit too many", text: "Zm9vY", expected: "foo", defect: true },
  { name: "no data", text: "\r\n\r\n", expected: "" },
  { name: "8-bit characters", text: "Zm\xe99v", expected: "foo", defect: true },
];

for (const { name, text, expected, defect = false } of BASE64) {
  Deno.test(`Base64Decoder reads ${name}, wherever it is cut`, () => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = 0; second <= bytes.length - first; second++) {
        const decoder = new Base64Decoder();
        assertEquals(inPieces(decoder, bytes, [first, second]), expected);
        assertEquals(decoder.defect !== undefined, defect, `cut at ${first} and ${second}`);
      }
    }
  });
}

const UU = [
  { name: "a file", text: "x\nbegin 644 cat.txt\n#0V%T\n`\nend\nrest\n", expected: "Cat" },
  { name: "lines with CRLF", text: "begin 644 a b\r\n#0V%T\r\n \r\nend\r\n", expected: "Cat" },
  { name: "a line that lost its spaces", text: "begin 644 x\n#\nend", expected: "\0\0\0" },
  { name: "no end", text: "begin 644 x\n#0V%T\n", expected: "Cat", defect: true },
  { name: "no beginning", text: "#0V%T\nend\n", expected: "", defect: true },
];

for (const { name, text, expected, defect = false } of UU) {
  Deno.test(`UuDecoder reads ${name}, wherever it is cut`, () => {
    const bytes = encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoder = new UuDecoder();
      assertEquals(inPieces(decoder, bytes, [cut]), expected);
      assertEquals(decoder.defect !== undefined, defect);
    }
  });
}

Deno.test("Base64Encoder writes what Base64Decoder reads, in lines of 76 with CRLF", () => {
  fc.assert(fc.property(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(fc.nat(100), { maxLength: 5 }),
    (bytes, cuts) => {
      const text = inPieces(new Base64Encoder(), bytes, cuts);
      assertEquals(text, decode(encodeAll(new Base64Encoder(), bytes)));
      const lines = text.split("\r\n");
      assertEquals(lines.pop(), "");
      assertEquals(
        lines.every((line, index) => line.length === 76 || index === lines.length - 1),
        true,
      );
      assertEquals(lines.every((line) => line.length > 0 && line.length <= 76), true);
      const decoder = new Base64Decoder();
      assertEquals(inPieces(decoder, encode(text), cuts), decode(bytes));
      assertEquals(decoder.defect, undefined);
    },
  ));
});

for (const binary of [true, false]) {
  Deno.test(`QuotedPrintableEncoder and the decoder are inverse, ${binary ? "data" : "text"}`, () => {
    const bytes = fc.array(
      fc.oneof(fc.constantFrom(9, 10, 13, 32, 46, 61, 70), fc.nat(255)),
      { maxLength: 300 },
    ).map((list) => Uint8Array.from(list));
    fc.assert(fc.property(bytes, fc.array(fc.nat(100), { maxLength: 5 }), (bytes, cuts) => {
      const text = inPieces(new QuotedPrintableEncoder({ binary }), bytes, cuts);
      assertEquals(text, decode(encodeAll(new QuotedPrintableEncoder({ binary }), bytes)));
      // No byte, no line that a mail system could change.
      assertEquals(/^[\x20-\x7e\t\r\n]*$/.test(text), true);
      for (const line of text.split("\r\n")) {
        assertEquals(/[\r\n]|[ \t]$|^\.|^From /.test(line) || line.length > 76, false, line);
      }
      const expected = binary ? decode(bytes) : decode(bytes).replace(/\r?\n/g, "\r\n");
      assertEquals(inPieces(new QuotedPrintableDecoder(), encode(text), cuts), expected);
    }));
  });
}

Deno.test("both decoders take anything, and give the same wherever it is cut", () => {
  const bytes = fc.array(
    fc.oneof(fc.constantFrom(...encode("\r\n =\t09AZaz+/")), fc.nat(255)),
    { maxLength: 100 },
  ).map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(20), { maxLength: 8 }), (bytes, cuts) => {
      for (const make of [() => new Base64Decoder(), () => new QuotedPrintableDecoder()]) {
        assertEquals(inPieces(make(), bytes, cuts), decode(encodeAll(make(), bytes)));
      }
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("decodeBase64Text() reads a text", () => {
  assertEquals(decode(decodeBase64Text("Zm 9v\nYg")), "foob");
});
