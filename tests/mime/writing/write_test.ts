import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { concat } from "../../../src/net/internal.ts";
import { InjectionError, LimitError } from "../../../src/net/mod.ts";
import { formatField, formatTextField } from "../../../src/mime/internal.ts";
import {
  composeMessage,
  type Entity,
  Header,
  type LeafPart,
  type MessageDraft,
  parseMessage,
  type Part,
  partBytes,
  recipientsOf,
  textPart,
  writePart,
} from "../../../src/mime/mod.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Every line is one that all mail systems take. */
function checkLines(text: string): void {
  for (const line of text.split("\r\n")) {
    assertEquals(/[\r\n\0]/.test(line) || encode(line).length > 998, false, line.slice(0, 100));
  }
}

const DATE = new Date("2026-11-27T10:00:00Z");
const BASE: MessageDraft = {
  from: [{ name: "Ann", address: "ann@example.org" }],
  to: [{ address: "bob@example.org" }],
  subject: "Hi",
  date: DATE,
  messageId: "<1@example.org>",
};

Deno.test("composeMessage() writes a plain message", () => {
  assertEquals(
    decode(partBytes(composeMessage({ ...BASE, text: "Hello\n" }))),
    [
      "Date: Fri, 27 Nov 2026 10:00:00 +0000",
      "From: Ann <ann@example.org>",
      "To: bob@example.org",
      "Subject: Hi",
      "Message-ID: <1@example.org>",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=us-ascii",
      "Content-Transfer-Encoding: 7bit",
      "",
      "Hello",
      "",
    ].join("\r\n"),
  );
});

const file = (name: string, contentId?: string) => ({
  name,
  type: contentId === undefined ? "application/pdf" : "image/png",
  content: encode(name),
  contentId,
});
const SHAPES: { name: string; draft: MessageDraft; expected: string }[] = [
  { name: "nothing", draft: {}, expected: "text/plain" },
  { name: "HTML", draft: { html: "<p>" }, expected: "text/html" },
  {
    name: "both",
    draft: { text: "a", html: "<p>" },
    expected: "multipart/alternative(text/plain text/html)",
  },
  {
    name: "a file",
    draft: { text: "a", attachments: [file("f.pdf")] },
    expected: "multipart/mixed(text/plain application/pdf:f.pdf)",
  },
  {
    name: "an image",
    draft: { text: "a", html: "<img src=cid:i>", attachments: [file("i.png", "i"), file("f.pdf")] },
    expected: "multipart/mixed(multipart/alternative(text/plain " +
      "multipart/related(text/html image/png:i.png)) application/pdf:f.pdf)",
  },
  {
    name: "a message",
    draft: { attachments: [{ type: "message/rfc822", content: encode("Subject: x\n\nhi\n") }] },
    expected: "multipart/mixed(message/rfc822(text/plain))",
  },
];

function shapeOf(entity: Entity): string {
  const name = entity.header.fileName === undefined ? "" : `:${entity.header.fileName}`;
  const parts = entity.parts.length === 0 ? "" : `(${entity.parts.map(shapeOf).join(" ")})`;
  return entity.type + name + parts;
}

for (const { name, draft, expected } of SHAPES) {
  Deno.test(`composeMessage() shapes a message of ${name}`, () => {
    const message = parseMessage(partBytes(composeMessage({ ...BASE, ...draft })));
    assertEquals(shapeOf(message), expected);
    assertEquals([...message.walk()].flatMap(({ defects }) => defects), []);
  });
}

Deno.test("composeMessage() hides Bcc, and recipientsOf() has it", () => {
  const draft: MessageDraft = {
    ...BASE,
    cc: [{
      group: "All",
      members: [{ address: "carl@example.org" }, { address: "bob@example.org" }],
    }],
    bcc: [{ address: "dora@example.org" }],
  };
  assertEquals(decode(partBytes(composeMessage(draft))).includes("dora"), false);
  assertEquals(recipientsOf(draft), ["bob@example.org", "carl@example.org", "dora@example.org"]);
});

const INJECTIONS: { name: string; draft: MessageDraft }[] = [
  { name: "the subject", draft: { subject: "x\r\nBcc: eve@example.org" } },
  { name: "a bare LF in the subject", draft: { subject: "x\nBcc: eve@example.org" } },
  { name: "a NUL in the subject", draft: { subject: "x\0" } },
  { name: "a name", draft: { from: [{ name: "Ann\r\nBcc: eve@example.org", address: "a@b.c" }] } },
  { name: "an address", draft: { to: [{ address: "a@b.c\r\nBcc: eve@example.org" }] } },
  { name: "a second address", draft: { to: [{ address: "a@b.c, eve@example.org" }] } },
  { name: "a group's name", draft: { to: [{ group: "x\r\nBcc: e@f.g", members: [] }] } },
  { name: "a field's name", draft: { headers: [["X-A: b\r\nBcc", "eve@example.org"]] } },
  { name: "a field's text", draft: { headers: [["X-A", "b\r\nBcc: eve@example.org"]] } },
  { name: "Message-ID", draft: { messageId: "<1@b>\r\nBcc: eve@example.org" } },
  { name: "References", draft: { references: ["<1@b>\r\n\r\nbody"] } },
  { name: "a type", draft: { attachments: [{ type: "text/plain\r\nX: y", content: encode("") }] } },
  {
    name: "Content-ID",
    draft: { attachments: [{ contentId: "a>\r\nX: <b", content: encode("") }] },
  },
];

for (const { name, draft } of INJECTIONS) {
  Deno.test(`composeMessage() refuses what would be another field: ${name}`, () => {
    assertThrows(() => partBytes(composeMessage({ ...BASE, ...draft })), InjectionError);
  });
}

Deno.test("a file's name makes no field, whatever it holds", () => {
  for (
    const name of [
      'a"\r\nX-Evil: y',
      "a\0b",
      "x".repeat(2000),
      "\u202egnp.exe",
      "a; b=c",
      "日本.txt",
      "=?utf-8?q?a?=",
      "",
    ]
  ) {
    const bytes = partBytes(
      composeMessage({ ...BASE, attachments: [{ name, content: encode("x") }] }),
    );
    checkLines(decode(bytes));
    const [attached] = parseMessage(bytes).parts;
    assertEquals(attached?.header.get("x-evil"), undefined);
    assertEquals(attached?.header.fileName ?? "", name.replace(/[\r\n\0]+/g, " "));
  }
});

Deno.test("formatTextField() folds and encodes, and Header reads the same", () => {
  fc.assert(fc.property(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: fc.constantFrom("a", " ", "bc", "ü", "=?", "\t"), maxLength: 400 }),
      fc.string({ unit: fc.constantFrom("a", "b"), minLength: 900, maxLength: 1200 }),
    ),
    fc.boolean(),
    (text, utf8) => {
      const clean = text.replace(/[\r\n\0]+/g, " ").toWellFormed();
      const field = formatTextField("Subject", clean, { utf8 });
      checkLines(field);
      if (!utf8) assertEquals(/^[\t\r\n\x20-\x7e]*$/.test(field), true);
      assertEquals(/\r\n[ \t]*\r\n/.test(field), false, JSON.stringify(field));
      assertEquals(Header.parse(encode(field)).text("subject"), clean);
    },
  ));
});

Deno.test("formatField() refuses a word that no line can hold", () => {
  assertThrows(() => formatField("X", ["a".repeat(998)]), LimitError);
  assertThrows(() => formatField("X: y", ["a"]), InjectionError);
});

const TEXTS: { name: string; text: string; encoding: string; charset: string }[] = [
  { name: "ASCII", text: "Hi\n", encoding: "7bit", charset: "us-ascii" },
  { name: "a few umlauts", text: "grün\n", encoding: "quoted-printable", charset: "utf-8" },
  { name: "Japanese", text: "日本語日本語日本語日本語", encoding: "base64", charset: "utf-8" },
  { name: "a long line", text: "a".repeat(999), encoding: "quoted-printable", charset: "us-ascii" },
];

for (const { name, text, encoding, charset } of TEXTS) {
  Deno.test(`textPart() writes ${name} as ${encoding}`, () => {
    const bytes = partBytes(textPart(text));
    checkLines(decode(bytes));
    const { header, text: read } = parseMessage(bytes);
    assertEquals(header.transferEncoding, encoding);
    assertEquals(header.contentType.parameters.get("charset"), charset);
    assertEquals(read, text.replaceAll("\n", "\r\n"));
  });
}

const leaf: fc.Arbitrary<LeafPart> = fc.record({
  content: fc.uint8Array({ maxLength: 200 }),
  encoding: fc.constantFrom("base64" as const, "quoted-printable" as const),
  type: fc.constantFrom("text/plain", "image/png", "application/x-y"),
  fileName: fc.string({ unit: "grapheme", minLength: 1, maxLength: 90 }).map((name) =>
    name.replace(/[\r\n\0]+/g, "_")
  ),
});
type Tree = LeafPart | { readonly type: string; readonly parts: readonly Tree[] };
const part: fc.Arbitrary<Tree> = fc.letrec<{ part: Tree }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({
      type: fc.constantFrom("multipart/mixed", "multipart/alternative"),
      parts: fc.array(tie("part"), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).part;

/** A part, and the same part read again, in the same words. */
const meaning = (part: Tree): unknown =>
  "content" in part
    ? [part.type, part.fileName, Array.from(part.content as Uint8Array)]
    : [part.type, part.parts.map(meaning)];
const read = (entity: Entity): unknown =>
  entity.kind === "leaf"
    ? [entity.type, entity.header.fileName, Array.from(entity.content)]
    : [entity.type, entity.parts.map(read)];

Deno.test("written messages are read as the same", () => {
  fc.assert(fc.property(part, (part) => {
    const bytes = partBytes(part);
    checkLines(new TextDecoder("latin1").decode(bytes));
    const message = parseMessage(bytes);
    assertEquals(JSON.stringify(read(message)), JSON.stringify(meaning(part)));
    assertEquals([...message.walk()].flatMap(({ defects }) => defects), []);
  }));
});

Deno.test("writePart() streams, and gives what partBytes() gives", async () => {
  const content = encode("hello ".repeat(1000));
  async function* pieces() {
    for (let at = 0; at < content.length; at += 7) yield content.slice(at, at + 7);
  }
  for (const encoding of ["base64", "quoted-printable", "text", "8bit"] as const) {
    const make = (content: LeafPart["content"]): Part => ({
      type: "multipart/mixed",
      parts: [{ type: "text/plain", content, encoding }],
    });
    const options = { boundary: () => "b" };
    const written = await Array.fromAsync(writePart(make(pieces()), options));
    assertEquals(decode(concat(written)), decode(partBytes(make(content), options)));
  }
  assertThrows(() => partBytes({ type: "a/b", content: pieces() }), TypeError);
});

Deno.test("writePart() refuses a bad boundary, and a multipart of nothing", async () => {
  const leaf: Part = { type: "a/b", content: encode("") };
  for (const boundary of ["", "a\r\nb", "x".repeat(71), "ends ", 'a"b']) {
    await assertRejects(
      () =>
        Array.fromAsync(
          writePart({ type: "multipart/mixed", parts: [leaf] }, { boundary: () => boundary }),
        ),
      InjectionError,
    );
  }
  assertThrows(() => partBytes({ type: "multipart/mixed", parts: [] }), RangeError);
});
