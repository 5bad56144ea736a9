import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InjectionError } from "../../../src/net/mod.ts";
import {
  formatFlowed,
  formatMailDate,
  formatParameters,
  Header,
  parseFlowed,
  parseMailDate,
  parseParameters,
} from "../../../src/mime/mod.ts";

const PARAMETERS: {
  name: string;
  text: string;
  value: string;
  expected: Record<string, string>;
  defect?: boolean;
}[] = [
  { name: "a type", text: "Text/HTML", value: "text/html", expected: {} },
  {
    name: "RFC 2045's example",
    text: 'text/plain; charset=us-ascii (Plain text); x="a;b"',
    value: "text/plain",
    expected: { charset: "us-ascii", x: "a;b" },
  },
  {
    name: "RFC 2231 §3",
    text:
      'message/external-body; access-type=URL;\r\n URL*0="ftp://";\r\n URL*1="cs.utk.edu/pub/moore/bulk-mailer/"',
    value: "message/external-body",
    expected: { "access-type": "URL", url: "ftp://cs.utk.edu/pub/moore/bulk-mailer/" },
  },
  {
    name: "RFC 2231 §4",
    text: "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
    value: "application/x-stuff",
    expected: { title: "This is ***fun***" },
  },
  {
    name: "parts in another order",
    text: "a/b; n*1=2; n*0=1; n*2*=%33",
    value: "a/b",
    expected: { n: "123" },
  },
  {
    name: "a missing part",
    text: "a/b; n*0=1; n*2=3",
    value: "a/b",
    expected: { n: "1" },
    defect: true,
  },
  {
    name: "both forms",
    text: "a/b; filename=x; filename*=utf-8''%C3%BC",
    value: "a/b",
    expected: { filename: "ü" },
  },
  {
    name: "a character in two parts",
    text: "a/b; n*0*=utf-8''%C3; n*1*=%BC",
    value: "a/b",
    expected: { n: "ü" },
  },
  { name: "a charset of old", text: "a/b; n*=iso-8859-1''%FC", value: "a/b", expected: { n: "ü" } },
  { name: "a bad escape", text: "a/b; n*=utf-8''%zz%C3%BC", value: "a/b", expected: { n: "%zzü" } },
  {
    name: "a hidden line break",
    text: "a/b; n*=utf-8''a%0D%0AX: y",
    value: "a/b",
    expected: { n: "a X: y" },
    defect: true,
  },
  {
    name: "white space in a name",
    text: "a/b; name=my file.txt; x=1",
    value: "a/b",
    expected: { name: "my file.txt", x: "1" },
    defect: true,
  },
  {
    name: "a lost semicolon",
    text: "a/b; x=1 y=2",
    value: "a/b",
    expected: { x: "1", y: "2" },
    defect: true,
  },
  {
    name: "an encoded word",
    text: 'a/b; name="=?utf-8?q?=C3=BC?="',
    value: "a/b",
    expected: { name: "ü" },
    defect: true,
  },
  { name: "a lost quote", text: 'a/b; name="x; y=1', value: "a/b", expected: { name: "x; y=1" } },
  {
    name: "quotes within",
    text: 'a/b; name="a\\"b\\\\c"',
    value: "a/b",
    expected: { name: 'a"b\\c' },
  },
  {
    name: "the same twice",
    text: "a/b; x=1; x=2",
    value: "a/b",
    expected: { x: "1" },
    defect: true,
  },
  { name: "semicolons only", text: "a/b;;; x=1;", value: "a/b", expected: { x: "1" } },
  {
    name: "comments",
    text: "(a) a/b (c) ; (d) x (e) = (f) 1 (g)",
    value: "a/b",
    expected: { x: "1" },
  },
  { name: "a name alone", text: "a/b; x; y=1", value: "a/b", expected: { y: "1" }, defect: true },
  { name: "an empty value", text: 'a/b; x=; y=""', value: "a/b", expected: { x: "", y: "" } },
  { name: "nothing", text: "", value: "", expected: {} },
  {
    name: "a boundary as RFC 2231 has it",
    text: "multipart/mixed; boundary*=us-ascii''b",
    value: "multipart/mixed",
    expected: { boundary: "b" },
    defect: true,
  },
  {
    name: "two boundaries",
    text: "multipart/mixed; boundary=a; boundary*=us-ascii''b",
    value: "multipart/mixed",
    expected: { boundary: "a" },
    defect: true,
  },
  {
    name: "an encoded boundary",
    text: 'multipart/mixed; boundary="=?utf-8?q?a?="',
    value: "multipart/mixed",
    expected: { boundary: "=?utf-8?q?a?=" },
  },
];

for (const { name, text, value, expected, defect = false } of PARAMETERS) {
  Deno.test(`parseParameters() reads ${name}`, () => {
    const read = parseParameters(text);
    assertEquals([read.value, Object.fromEntries(read.parameters)], [value, expected]);
    assertEquals(read.defects.length > 0, defect, read.defects.join());
  });
}

Deno.test("formatParameters() writes what parseParameters() reads", () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(..."\"\\;=%'* ()"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    maxLength: 200,
  })
    .map((text) => text.replace(/[\r\n\0]+/g, "").toWellFormed());
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("name", "x-y", "charset"), text), (parameters) => {
      const written = formatParameters("a/b", Object.entries(parameters)).join("; ");
      assertEquals(/^[\x20-\x7e]*$/.test(written), true);
      const read = parseParameters(written);
      assertEquals(Object.fromEntries(read.parameters), { ...parameters }, written);
      assertEquals(read.defects, []);
    }),
  );
  assertThrows(() => formatParameters("a/b\r\nX: y", []), InjectionError);
  assertThrows(() => formatParameters("a/b", [["x=1; y", "z"]]), InjectionError);
});

Deno.test("parseParameters() takes anything, in time proportional to its length", () => {
  const parts = fc.constantFrom(..."\"\\;=%'*() \r\na1", "name", "*0*=", "utf-8''");
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 40 }), (list) => {
      parseParameters(list.join(""));
    }),
    { numRuns: 3_000 },
  );
  for (
    const text of [
      "(",
      '"',
      ";",
      "=",
      "a=1;",
      "a*0=1;",
      "a b ",
      "a*=''%",
      "x*1=a;",
      "a=b c ",
      "a=(",
      "a =",
    ]
  ) {
    const start = performance.now();
    parseParameters("a/b;" + text.repeat(200_000 / text.length));
    assertEquals(performance.now() - start < 3_000, true, text);
  }
});

const DATES: { text: string; expected: string | undefined; offset?: number }[] = [
  { text: "Fri, 21 Nov 1997 09:55:06 -0600", expected: "1997-11-21T15:55:06.000Z", offset: -360 },
  { text: "Tue, 1 Jul 2003 10:52:37 +0200", expected: "2003-07-01T08:52:37.000Z", offset: 120 },
  {
    text: "Thu,\r\n 13\r\n Feb\r\n 1969\r\n 23:32\r\n -0330 (Newfoundland Time)",
    expected: "1969-02-14T03:02:00.000Z",
    offset: -210,
  },
  { text: "21 Nov 97 09:55:06 GMT", expected: "1997-11-21T09:55:06.000Z", offset: 0 },
  { text: "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", expected: undefined },
  { text: "1 Jan 49 00:00:00 EST", expected: "2049-01-01T05:00:00.000Z", offset: -300 },
  { text: "1 Jan 102 00:00:00 Z", expected: "2002-01-01T00:00:00.000Z", offset: 0 },
  { text: "Mon, 1 Jan 2024 10:00 -0000", expected: "2024-01-01T10:00:00.000Z" },
  { text: "Mon, 1 Jan 2024 10:00:00 CEST", expected: "2024-01-01T10:00:00.000Z" },
  {
    text: "Mon, 1 January 2024 10:00:00 GMT+0100",
    expected: "2024-01-01T09:00:00.000Z",
    offset: 60,
  },
  { text: "Mon, 01-Jan-24 10:00:00 GMT", expected: "2024-01-01T10:00:00.000Z", offset: 0 },
  { text: "Mon Jan  1 10:00:00 2024", expected: "2024-01-01T10:00:00.000Z" },
  { text: "Mon Jan  1 10:00:00 CET 2024", expected: "2024-01-01T10:00:00.000Z" },
  { text: "Fri, 21 Nov 2025 09:55:06 +200", expected: "2025-11-21T07:55:06.000Z", offset: 120 },
  { text: "Fri, 21 Nov 2025 09:55:06 GMT+2", expected: "2025-11-21T07:55:06.000Z", offset: 120 },
  { text: "2025-11-21T09:55:06Z", expected: "2025-11-21T09:55:06.000Z", offset: 0 },
  { text: "2025-11-21 09:55:06.5 +01:00", expected: "2025-11-21T08:55:06.000Z", offset: 60 },
  { text: "2025-13-21T09:55:06Z", expected: undefined },
  { text: "31 Feb 2024 10:00:00 +0000", expected: undefined },
  { text: "1 Jan 2024 25:00:00 +0000", expected: undefined },
  { text: "1 Jan 2024 23:59:60 +0000", expected: "2024-01-02T00:00:00.000Z", offset: 0 },
  { text: "yesterday", expected: undefined },
  { text: "", expected: undefined },
];

for (const { text, expected, offset } of DATES) {
  Deno.test(`parseMailDate() reads ${JSON.stringify(text)}`, () => {
    const found = parseMailDate(text);
    assertEquals([found?.date.toISOString(), found?.offsetMinutes], [expected, offset]);
  });
}

Deno.test("formatMailDate() writes what parseMailDate() reads", () => {
  const date = fc.date({
    min: new Date("1900-01-02"),
    max: new Date("9998-12-31"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(date, fc.integer({ min: -720, max: 840 }), (date, offset) => {
    date.setUTCMilliseconds(0);
    const read = parseMailDate(formatMailDate(date, offset));
    assertEquals(read, { date, offsetMinutes: offset });
  }));
});

const header = (...lines: string[]) =>
  Header.parse(new TextEncoder().encode(lines.join("\r\n") + "\r\n"));

Deno.test("Header gives fields raw, and decoded", () => {
  const read = header(
    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
    "\tan  alle ",
    "subject: second",
    "To: a@b.c,",
    " d@e.f",
    "TO: g@h.i",
    "X-Empty:",
    "X-8bit: grün",
    "References: <1@a> <2@b>",
    "\t<3@c>",
    "Obsolete : yes",
    "Date: Fri, 21 Nov 1997 09:55:06 -0600",
  );
  assertEquals(read.text("SUBJECT"), "Grüße\tan  alle");
  assertEquals(read.all("subject").length, 2);
  assertEquals(read.addresses("to").length, 3);
  assertEquals([read.get("x-empty"), read.get("x-none")], ["", undefined]);
  assertEquals(read.text("x-8bit"), "grün");
  assertEquals(read.messageIds("references"), ["<1@a>", "<2@b>", "<3@c>"]);
  assertEquals(read.get("obsolete"), "yes");
  assertEquals(read.date?.offsetMinutes, -360);
  assertEquals(read.fields.map(({ name }) => name)[1], "subject");
});

Deno.test("Header takes bare LF, 8 bits of any charset and lines that are not fields", () => {
  const bytes = Uint8Array.from(
    "A: g\xfcn\nno field\nB: \xc3\xbc\n c\nC: \xff\xfeab\nD: \xfe\xff\n",
    (character) => character.charCodeAt(0),
  );
  const read = Header.parse(bytes);
  assertEquals(read.fields, [
    { name: "A", value: "gün" },
    { name: "B", value: "ü c" },
    // A byte order mark is for whole documents.
    { name: "C", value: "ÿþab" },
    { name: "D", value: "þÿ" },
  ]);
});

Deno.test("Header describes a part, and reports defects", () => {
  assertEquals(header("Content-Type: nonsense").contentType.value, "text/plain");
  assertEquals(header("Content-Type: nonsense").defects, ["a content type that is none"]);
  assertEquals(header("X: y").transferEncoding, "7bit");
  assertEquals(header("Content-Transfer-Encoding: Base64 (yes)").transferEncoding, "base64");
  assertEquals(header('Content-Type: a/b; name="x.txt"').fileName, "x.txt");
  assertEquals(
    header('Content-Type: a/b; name="x.txt"', "Content-Disposition: attachment; filename=y")
      .fileName,
    "y",
  );
  assertEquals(header("Content-Disposition: INLINE").disposition.value, "inline");
});

const FLOWED: { name: string; text: string; expected: string; delSp?: boolean }[] = [
  { name: "a paragraph", text: "one \ntwo\n", expected: "one two\n" },
  { name: "paragraphs", text: "one\ntwo", expected: "one\ntwo" },
  { name: "stuffed lines", text: " >x\n From y", expected: ">x\nFrom y" },
  { name: "quoted lines", text: "> one \n> two\n>> three", expected: "> one two\n>> three" },
  { name: "a depth that changes amid", text: "> one \n>> two", expected: "> one \n>> two" },
  { name: "a signature", text: "one \n-- \nAnn", expected: "one \n-- \nAnn" },
  { name: "DelSp", text: "one \ntwo", expected: "onetwo", delSp: true },
];

for (const { name, text, expected, delSp } of FLOWED) {
  Deno.test(`parseFlowed() reads ${name}`, () => assertEquals(parseFlowed(text, delSp), expected));
}

Deno.test("formatFlowed() writes what parseFlowed() reads", () => {
  const unit = fc.constantFrom("a", "bc", " ", ">", "From ", "\n", "-- ");
  fc.assert(fc.property(fc.string({ unit, maxLength: 300 }), (text) => {
    // White space at a paragraph's end would make it flow on.
    const clean = text.split("\n").map((line) => {
      const [, quote, content] = /^(>*) ?(.*)$/.exec(line)!;
      const rest = content === "-- " && line === "-- " ? content : content!.replace(/ +$/, "");
      return quote === "" ? line === "-- " ? line : line.replace(/ +$/, "") : `${quote} ${rest}`;
    }).join("\n");
    const written = formatFlowed(clean);
    assertEquals(parseFlowed(written), clean);
  }));
});
