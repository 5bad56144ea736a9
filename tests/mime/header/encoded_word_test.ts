import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeCharset } from "../../../src/mime/coding/charset.ts";
import { decodeWords, encodeWords } from "../../../src/mime/header/encoded_word.ts";

const CASES: { name: string; text: string; expected: string }[] = [
  // RFC 2047 §8
  { name: "a word", text: "=?ISO-8859-1?Q?a?=", expected: "a" },
  { name: "a word and text", text: "=?ISO-8859-1?Q?a?= b", expected: "a b" },
  { name: "two words", text: "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", expected: "ab" },
  { name: "two words far apart", text: "=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", expected: "ab" },
  {
    name: "two words of two lines",
    text: "=?ISO-8859-1?Q?a?=\r\n  =?ISO-8859-1?Q?b?=",
    expected: "ab",
  },
  { name: "an underscore", text: "=?ISO-8859-1?Q?a_b?=", expected: "a b" },
  { name: "a space of its own", text: "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", expected: "a b" },
  {
    name: "RFC 2047's Keld",
    text: "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=",
    expected: "Keld Jørn Simonsen",
  },
  {
    name: "RFC 2047's long subject",
    text:
      "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
    expected: "If you can read this you understand the example.",
  },
  { name: "RFC 2231's language", text: "=?US-ASCII*EN?Q?Keith_Moore?=", expected: "Keith Moore" },
  // What real mail has.
  { name: "a word amid text", text: "a=?utf-8?q?=C3=BC?=b", expected: "aüb" },
  { name: "a character in two words", text: "=?utf-8?q?=C3?= =?utf-8?q?=BC?=", expected: "ü" },
  {
    name: "a base64 group in two words",
    text: "=?utf-8?b?w7z?= =?utf-8?b?DvA==?=",
    expected: "ü\u00fc",
  },
  { name: "padding in each word", text: "=?utf-8?b?YQ==?= =?utf-8?b?Yg==?=", expected: "ab" },
  { name: "spaces inside", text: "=?utf-8?q?a b c?=", expected: "a b c" },
  { name: "a question mark inside", text: "=?utf-8?q?why?no?=", expected: "why?no" },
  { name: "lost padding", text: "=?utf-8?B?w7w?=", expected: "ü" },
  { name: "no end", text: "=?utf-8?Q?caf=C3=A9 x", expected: "café x" },
  { name: "a charset that no one knows", text: "=?x-nobody?q?=C3=BC?=", expected: "ü" },
  { name: "no word", text: "1 =? 2 =?a?b 3 ?=", expected: "1 =? 2 =?a?b 3 ?=" },
  { name: "an empty word", text: "a =?utf-8?q??= b", expected: "a  b" },
  { name: "an escape that is none", text: "=?utf-8?q?a=zz?=", expected: "a=zz" },
  { name: "a line break", text: "=?utf-8?q?a=0D=0ABcc:_x?=", expected: "a Bcc: x" },
  { name: "ISO-2022-JP", text: "=?ISO-2022-JP?B?GyRCJDMkcxsoQg==?=", expected: "こん" },
  { name: "text of 8 bits inside", text: "=?utf-8?q?é=C3=A9?=", expected: "éé" },
];

for (const { name, text, expected } of CASES) {
  Deno.test(`decodeWords() reads ${name}`, () => assertEquals(decodeWords(text), expected));
}

Deno.test("encodeWords() gives what decodeWords() reads, in words of 75 characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
    const clean = text.replace(/[\r\n\0]+/g, " ");
    const words = encodeWords(clean);
    assertEquals(
      words.every((word) => word.length <= 75 && /^=\?utf-8\?[bq]\?[!->@-~]*\?=$/.test(word)),
      true,
    );
    assertEquals(decodeWords(words.join(" ")), clean.toWellFormed());
  }));
});

Deno.test("decodeWords() takes time in proportion to the text", () => {
  for (const text of ["=?a?q?", "=?", "=?utf-8?q?a?= ", "=?utf-8?b?", " ", "=?a?q?x?"]) {
    const start = performance.now();
    decodeWords(text.repeat(400_000 / text.length));
    assertEquals(performance.now() - start < 3_000, true, text);
  }
});

Deno.test("decodeWords() takes anything", () => {
  const parts = fc.constantFrom(
    "=?",
    "?=",
    "?",
    "q?",
    "B?",
    "utf-8",
    "=",
    "=C3",
    "_",
    " ",
    "a",
    "\r\n",
    "é",
    "=?utf-8?q?",
  );
  fc.assert(fc.property(fc.array(parts, { maxLength: 40 }), (list) => {
    assertEquals(typeof decodeWords(list.join("")), "string");
  }));
});

const bytes = (...codes: number[]) => Uint8Array.from(codes);
const ascii = (text: string) => new TextEncoder().encode(text);
const CHARSETS: {
  label?: string;
  input: Uint8Array;
  expected: string;
  charset: string;
  asNamed?: boolean;
}[] = [
  { input: ascii("plain"), expected: "plain", charset: "us-ascii" },
  { input: ascii("grün"), expected: "grün", charset: "utf-8" },
  { input: bytes(0x67, 0xfc), expected: "gü", charset: "windows-1252" },
  { label: "US-ASCII", input: ascii("grün"), expected: "grün", charset: "utf-8", asNamed: false },
  { label: "UTF-8", input: bytes(0x67, 0xfc), expected: "g\ufffd", charset: "utf-8" },
  {
    label: "x-unknown",
    input: bytes(0x67, 0xfc),
    expected: "gü",
    charset: "windows-1252",
    asNamed: false,
  },
  { label: "iso-8859-15", input: bytes(0xa4), expected: "€", charset: "iso-8859-15" },
  { label: "cp932", input: bytes(0x82, 0xb1), expected: "こ", charset: "shift_jis" },
  { label: "IBM437", input: bytes(0x81), expected: "ü", charset: "cp437" },
  { label: "ISO8859_15", input: bytes(0xa4), expected: "€", charset: "iso-8859-15" },
  { label: "csIBM852", input: bytes(0x9f), expected: "č", charset: "cp852" },
  { label: "x-mac-ce", input: bytes(0x8b), expected: "č", charset: "mac-latin2" },
  { label: "utf-16", input: bytes(0xfe, 0xff, 0, 0x41), expected: "A", charset: "utf-16be" },
  { label: "utf-16", input: bytes(0xff, 0xfe, 0x41, 0), expected: "A", charset: "utf-16le" },
  { input: ascii("\x1b$B2q\x1b(B"), expected: "会", charset: "iso-2022-jp" },
  { label: "cp850", input: bytes(0x9d, 0xff), expected: "Ø\u00a0", charset: "cp850" },
  { label: "utf-7", input: ascii("A+ImIDkQ-. +- 1"), expected: "A≢Α. + 1", charset: "utf-7" },
  {
    label: "utf-32",
    input: bytes(0, 0, 0xfe, 0xff, 0, 1, 0xf6, 0),
    expected: "😀",
    charset: "utf-32",
  },
  { label: "utf-32le", input: bytes(0x41, 0, 0, 0), expected: "A", charset: "utf-32le" },
  {
    label: "iso-2022-kr",
    input: ascii("\x1b$)Ca\x0e0!\x0fb"),
    expected: "a가b",
    charset: "iso-2022-kr",
  },
  { label: "hz-gb-2312", input: ascii("a~{<:Ky~}~~b"), expected: "a己所~b", charset: "hz-gb-2312" },
];

for (const { label, input, expected, charset, asNamed = true } of CHARSETS) {
  Deno.test(`decodeCharset() reads ${label ?? "no charset"}: ${expected}`, () => {
    assertEquals(decodeCharset(input, label), { text: expected, charset, asNamed });
  });
}
