/** Replies, forwarded messages and automatic answers. */

import { assertEquals, assertMatch } from "@std/assert";
import {
  addResentHeaders,
  autoreply,
  composeMessage,
  createForward,
  createReply,
  mailboxesOf,
  type MessageDraft,
  parseMessage,
  partBytes,
  readableParts,
} from "../../../src/mime/mod.ts";

const encode = (text: string) => new TextEncoder().encode(text.replaceAll("\n", "\r\n"));
const read = (text: string) => parseMessage(encode(text));
const addresses = (list: MessageDraft["to"]) => mailboxesOf(list ?? []).map((a) => a.address);

const LETTER = `From: =?utf-8?q?J=C3=B6rg?= <joerg@a.example>
To: Ann <ann@b.example>, Bob <bob@c.example>
Cc: Carl <carl@c.example>, ANN@b.example
Subject: Re: Tea
Date: Sat, 28 Nov 2026 10:00:00 +0100
Message-ID: <3@a.example>
References: <1@a.example>
 <2@b.example>

Dear all,

> earlier
at four?
-- 
Jörg
`;
const ann = { name: "Ann", address: "ann@b.example" };

Deno.test("a reply goes to the author, and to all if so wished, never to its writer", () => {
  const table: [text: string, all: boolean, to: string[], cc: string[]][] = [
    [LETTER, false, ["joerg@a.example"], []],
    [LETTER, true, ["joerg@a.example"], ["bob@c.example", "carl@c.example"]],
    [`Reply-To: list@a.example\n${LETTER}`, false, ["list@a.example"], []],
    // One's own message: those who got it.
    [LETTER.replace(/^From.*/, "From: ann@b.example"), true, ["bob@c.example"], [
      "carl@c.example",
    ]],
    ["Reply-To: <>\nFrom: a@b.c\n\n", false, ["a@b.c"], []],
    ["Subject: nobody\n\n", true, [], []],
    // A message that no one wrote: those who got it.
    [LETTER.replace(/^From.*\n/, ""), true, ["bob@c.example"], ["carl@c.example"]],
    [LETTER.replace(/^From.*\n/, ""), false, [], []],
  ];
  for (const [text, all, to, cc] of table) {
    const draft = createReply(read(text), { from: ann, all });
    assertEquals([addresses(draft.to), addresses(draft.cc)], [to, cc]);
  }
});

Deno.test("a reply names the message that it answers, and quotes it without its signature", () => {
  const draft = createReply(read(LETTER), { from: ann, text: "Yes.\n" });
  assertEquals(draft.subject, "Re: Tea");
  assertEquals(draft.inReplyTo, "<3@a.example>");
  assertEquals(draft.references, ["<1@a.example>", "<2@b.example>", "<3@a.example>"]);
  const quotation = "On Sat, 28 Nov 2026 09:00:00 UTC, Jörg <joerg@a.example> wrote:\n" +
    "> Dear all,\n>\n>> earlier\n> at four?\n";
  assertEquals(draft.text, `${quotation}\nYes.\n`);
  const after = createReply(read(LETTER), { text: "Yes.", quote: "after" });
  assertEquals(after.text, `Yes.\n\n${quotation}`);
  assertEquals(createReply(read(LETTER), { text: "Yes.", quote: "none" }).text, "Yes.");
});

Deno.test("References of a long thread keep the first message and the last ones", () => {
  const ids = Array.from({ length: 200 }, (_, index) => `<${index}@x>`);
  const message = read(`Message-ID: <last@x>\nReferences: ${ids.join("\n ")}\n\n`);
  const { references = [] } = createReply(message);
  assertEquals(references.length, 50);
  assertEquals([references[0], references[1], references.at(-1)], ["<0@x>", "<152@x>", "<last@x>"]);
});

Deno.test("a flowed message is quoted by its paragraphs", () => {
  const message = read("Content-Type: text/plain; format=flowed\n\nOne \ntwo\n");
  assertEquals(createReply(message).text, "somebody wrote:\n> One two\n");
});

Deno.test("a forwarded message is the very same message inside", () => {
  const bytes = encode(LETTER);
  const draft = createForward(bytes, {
    from: ann,
    to: [{ address: "d@e.f" }],
    text: "See this.\n",
  });
  const message = parseMessage(partBytes(composeMessage(draft)), { wholeMessages: true });
  assertEquals(message.header.text("subject"), "Fwd: Re: Tea");
  assertEquals(message.parts.map(({ type }) => type), ["text/plain", "message/rfc822"]);
  assertEquals(message.parts[1]!.header.fileName, "Re: Tea.eml");
  assertEquals(message.parts[1]!.content, bytes);
});

Deno.test("a message forwarded as text takes its files along, messages among them", () => {
  const inner = "Content-Type: text/plain\n\ninner\n";
  const bytes = encode(
    "From: a@b.c\nSubject: Files\nContent-Type: multipart/mixed; boundary=x\n\n" +
      "--x\n\nHello\n--x\nContent-Type: image/png; name=p.png\n" +
      "Content-Transfer-Encoding: base64\n\naGk=\n" +
      `--x\nContent-Type: message/rfc822\n\n${inner}\n--x--\n`,
  );
  const draft = createForward(bytes, { to: [{ address: "d@e.f" }], text: "So:", as: "text" });
  assertEquals(
    draft.text,
    "So:\n\n---------- Forwarded message ----------\nFrom: a@b.c\nSubject: Files\n\nHello",
  );
  const written = parseMessage(partBytes(composeMessage(draft)), { wholeMessages: true });
  const { files } = readableParts(written);
  assertEquals(files.map(({ type, header }) => [type, header.fileName]), [
    ["image/png", "p.png"],
    ["message/rfc822", undefined],
  ]);
  assertEquals(files[0]!.text, "hi");
  assertEquals(files[1]!.content, encode(inner));
});

Deno.test("a message that is sent on only gets the fields of that", () => {
  const bytes = encode(LETTER);
  const resent = addResentHeaders(bytes, { from: ann, to: [{ address: "d@e.f" }] });
  const { header } = parseMessage(resent);
  assertEquals(header.fields.slice(0, 4).map(({ name }) => name), [
    "Resent-Date",
    "Resent-From",
    "Resent-To",
    "Resent-Message-ID",
  ]);
  assertEquals(resent.subarray(resent.length - bytes.length), bytes);
});

Deno.test("programs, lists and mail for others get no automatic reply", () => {
  const usual = "Return-Path: <joe@x.example>\nTo: ann@b.example\nSubject: Hi\nMessage-ID: <1@x>\n";
  const table: [fields: string, reason: RegExp | undefined][] = [
    [usual, undefined],
    [`${usual}Auto-Submitted: no\n`, undefined],
    [`${usual}Auto-Submitted: no (really); x=y\n`, undefined],
    [usual.replace("To: ann@b.example", "Resent-To: ANN@B.example"), undefined],
    [usual.replace("joe@x.example", ""), /null/],
    [usual.replace(/^.*\n/, ""), /no Return-Path/],
    [usual.replace("joe@x.example", `${"a-request+".repeat(100_000)}@x`), /no Return-Path/],
    [usual.replace("joe@x.example", "ann@b.example"), /own message/],
    ...["MAILER-DAEMON", "owner-list", "list-request", "list-bounces+a=b", "no-reply", "noreply"]
      .map((name): [string, RegExp] => [usual.replace("joe@", `${name}@`), /not a person/]),
    [`${usual}Auto-Submitted: auto-replied\n`, /program/],
    [`${usual}Auto-Submitted: nobody\n`, /program/],
    [`${usual}List-Id: <l.x>\n`, /list/],
    [`${usual}Precedence: bulk\n`, /bulk/],
    [`${usual}X-Auto-Response-Suppress: DR, OOF\n`, /refuses automatic/],
    [usual.replace("ann@b", "bob@b"), /none of the addresses/],
  ];
  for (const [fields, reason] of table) {
    const answer = autoreply(read(`${fields}\nText\n`).header, { from: ann, text: "Away.\n" });
    assertEquals(
      [fields, answer.draft === undefined, reason?.test(answer.reason ?? "")],
      [fields, reason !== undefined, reason && true],
    );
  }
});

Deno.test("an automatic answer says that it is one", () => {
  const { header } = read(
    "Return-Path: <joe@x.example>\nTo: a@b.c\nReply-To: evil@x\nSubject: Hi\nMessage-ID: <1@x>\n\n",
  );
  const { to, draft } = autoreply(header, { from: ann, own: ["A@B.C"], text: "Away.\n" }) as {
    to: string;
    draft: MessageDraft;
  };
  assertEquals(to, "joe@x.example");
  const answer = parseMessage(partBytes(composeMessage(draft))).header;
  assertEquals(answer.get("to"), "joe@x.example");
  assertEquals(answer.get("subject"), "Auto: Hi");
  assertEquals(answer.get("auto-submitted"), "auto-replied");
  assertEquals(answer.get("in-reply-to"), "<1@x>");
});

Deno.test("an answer to an empty subject has a plain one, and a forwarded one an identifier of its sender", () => {
  const bytes = new TextEncoder().encode("From: a@b.c\r\nSubject:\r\n\r\nhi\r\n");
  assertEquals(createReply(parseMessage(bytes)).subject, "Re:");
  const by = { from: { address: "ann@x.example" }, to: [{ address: "d@e.f" }] };
  assertMatch(
    new TextDecoder().decode(addResentHeaders(bytes, by)),
    /\r\nResent-Message-ID: <[\w-]+@x\.example>\r\n/,
  );
});
