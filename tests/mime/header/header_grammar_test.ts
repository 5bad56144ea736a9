/** Fields are written by the grammar of their names, and what other programs wrote into theirs is cleaned. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { formatHeader, formatHeaders } from "../../../src/mime/internal.ts";
import {
  composeMessage,
  createForward,
  createReply,
  Header,
  parseMessage,
  partBytes,
} from "../../../src/mime/mod.ts";
import { InjectionError, NetwrightError, ProtocolError } from "../../../src/net/mod.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (draft: Parameters<typeof composeMessage>[0]): string =>
  new TextDecoder().decode(partBytes(composeMessage(draft)));

// python/cpython#85725: an encoded word in a List-Unsubscribe field is no URL.
const LONG = `<https://example.org/${"a".repeat(400)}>`;

const FIELDS: readonly (readonly [name: string, text: string, lines: string])[] = [
  ["Reply-To", "Jörg <j@x.example>", "Reply-To: =?utf-8?q?J=C3=B6rg?= <j@x.example>\r\n"],
  ["From", "b@bücher.example", "From: b@xn--bcher-kva.example\r\n"],
  ["List-Unsubscribe", LONG, `List-Unsubscribe: ${LONG}\r\n`],
  ["In-Reply-To", "<a@b> <c@d>", "In-Reply-To: <a@b> <c@d>\r\n"],
  ["Auto-Submitted", "auto-replied", "Auto-Submitted: auto-replied\r\n"],
  [
    "Content-Disposition",
    'attachment; filename="x  y"',
    'Content-Disposition: attachment; filename="x  y"\r\n',
  ],
  ["List-Id", "Grüße <list.a.b>", "List-Id: =?utf-8?b?R3LDvMOfZQ==?= <list.a.b>\r\n"],
  ["List-Id", "Cats <list.a.b>", "List-Id: Cats <list.a.b>\r\n"],
  ["Content-Description", "Grün", "Content-Description: =?utf-8?q?Gr=C3=BCn?=\r\n"],
  ["Delivered-To", "b@bücher.example", "Delivered-To: b@xn--bcher-kva.example\r\n"],
  ["X-Own", "grün", "X-Own: =?utf-8?q?gr=C3=BCn?=\r\n"],
];

Deno.test("formatHeader() writes each field by its grammar", () => {
  for (const [name, text, lines] of FIELDS) assertEquals(formatHeader(name, text), lines);
  assertThrows(() => formatHeader("To", "none at all"), ProtocolError);
  assertThrows(() => formatHeader("To", "bü@b.example"), InjectionError);
  assertThrows(() => formatHeader("List-Post", "<mailto:ü@x>"), InjectionError, "ASCII only");
  for (
    const [name, text] of [["To", ""], ["Message-ID", ""], ["References", "none"], [
      "Date",
      "yesterday",
    ]] as const
  ) assertThrows(() => formatHeader(name, text), ProtocolError);
  assertThrows(() => formatHeader("X", "a\r\nBcc: b"), InjectionError);
  assertThrows(() => formatHeader("References", `<${"a".repeat(2000)}@b>`), NetwrightError);
});

Deno.test("of a field that may occur once only, the last counts", () => {
  const fields = [["X", "1"], ["Subject", "a"], ["x", "2"], ["subject", "b"]] as const;
  assertEquals(formatHeaders(fields), "X: 1\r\nx: 2\r\nsubject: b\r\n");
  const text = textOf({
    from: [{ address: "a@b.example" }],
    to: [{ address: "c@d.example" }],
    subject: "first",
    headers: [["From", "Zwei <z@x.example>"], ["Subject", "zwei"], ["MIME-Version", "2.0"]],
    text: "hi",
  });
  const header = parseMessage(bytes(text)).header;
  assertEquals(header.all("from"), ["Zwei <z@x.example>"]);
  assertEquals(header.all("subject"), ["zwei"]);
  assertEquals(header.all("mime-version"), ["1.0"]);
  assertEquals(header.all("to"), ["c@d.example"]);
});

Deno.test("an address of other letters makes a header of UTF-8, for SMTPUTF8", () => {
  const other = textOf({
    from: [{ address: "a@b.example" }],
    headers: [["Reply-To", "ö@a.b"]],
    text: "hi",
  });
  assertMatch(other, /^Reply-To: ö@a\.b\r$/m);
  assertEquals(formatHeaders([["Errors-To", "ö@a.b"]]), "Errors-To: ö@a.b\r\n");
  const text = textOf({ from: [{ address: "bü@b.example" }], subject: "ä", text: "hi" });
  assertMatch(text, /^From: bü@b\.example\r\nSubject: ä\r$/m);
});

Deno.test("NUL and bare CR of another program's header are in no value, so that a reply can be written", () => {
  const message = parseMessage(
    bytes(
      "From: =?utf-8?q?a=0D=0ABcc:_x=00?= <a@b.example>\r\nSubject: x\0y\rz\r\n" +
        "Message-ID: <a@b.example>\r\nReferences: <r\0@x> <s@x>\r\n" +
        "Content-Type: text/plain; name*=utf-8''a%0D%0Ab%00\r\n\r\nhi\r\n",
    ),
  );
  assertEquals(message.header.text("subject"), "x y z");
  assertEquals(message.header.addresses("from"), [
    { name: "a Bcc: x ", address: "a@b.example" },
  ]);
  assertEquals(message.header.fileName, "a b ");
  const draft = createReply(message, { from: { address: "me@b.example" }, text: "yes" });
  const reply = Header.parse(partBytes(composeMessage(draft)));
  assertEquals(reply.text("subject"), "Re: x y z");
  assertEquals(reply.get("bcc"), undefined);
});

Deno.test("a message that is forwarded gets no new fields by a CR of its own", () => {
  const bytesOf = bytes("References: <r@x>\rBcc: e@f\r\nSubject: a\0b\r\n\r\nbody\r\n");
  const draft = createForward(bytesOf, { to: [{ address: "c@d.example" }] });
  const whole = parseMessage(partBytes(composeMessage(draft)));
  const inner = whole.parts[0]!.parts[0]!.header;
  assertEquals([inner.get("bcc"), inner.get("subject")], [undefined, "a b"]);
  assertEquals(inner.get("references"), "<r@x> Bcc: e@f");
});
