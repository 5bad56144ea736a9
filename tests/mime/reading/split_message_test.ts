/** Messages that pass through: the header is read, the rest stays a stream. */

import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  addresseesOf,
  splitMessage,
  withoutFields,
  withoutMboxLine,
} from "../../../src/mime/internal.ts";
import { Header } from "../../../src/mime/mod.ts";
import { toBytes } from "../../../src/net/internal.ts";
import { LimitError } from "../../../src/net/mod.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function* chunks(bytes: Uint8Array, size: number) {
  // As readers do it: each piece is valid until the next only.
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

Deno.test("a message is split before its empty line, however it comes", async () => {
  const table = [
    ["A: b\r\nC: d\r\n", "\r\nbody\r\n\r\nmore"],
    ["A: b\nC: d\n", "\nbody\n"],
    ["A: b\r\n", ""],
    ["A: b", ""],
    ["", "\r\nbody"],
    ["", ""],
    ["A: \r\r\n b\r\n", "\r\n"],
  ] as const;
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(...table),
    fc.integer({ min: 1, max: 20 }),
    async ([head, body], size) => {
      const { header, rest } = await splitMessage(chunks(encode(head + body), size));
      const bytes = header.bytes.slice();
      assertEquals([decode(bytes), decode(await toBytes(rest))], [head, body]);
    },
  ));
});

Deno.test("a header has a limit, and the source is let go", async () => {
  let ended = false;
  const endless = async function* () {
    try {
      while (true) yield encode("A: b\r\n");
    } finally {
      ended = true;
    }
  };
  await assertRejects(() => splitMessage(endless(), { maxHeaderBytes: 1000 }), LimitError);
  assertEquals(ended, true);
});

Deno.test("fields are left out with all their lines, and nothing else", () => {
  const text = "From: a\r\nBCC : x,\r\n y\r\n\tz\r\nTo: b\xe4\nbcc: w\n";
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const kept = withoutFields(bytes, ["bcc"]);
  assertEquals(String.fromCharCode(...kept), "From: a\r\nTo: b\xe4\n");
});

Deno.test("an envelope by the header: sender, sent on, answered by a program", () => {
  const table: [fields: string, from: string | undefined, to: string[]][] = [
    ["From: a@x\nTo: b@x, B <b@x>\nCc: g: c@x;\nBcc: d@x\n", "a@x", ["b@x", "c@x", "d@x"]],
    ["From: a@x, b@x\nSender: s@x\nTo: b@x\n", "s@x", ["b@x"]],
    ["Resent-From: r@x\nResent-To: q@x\nFrom: a@x\nTo: b@x\n", "r@x", ["q@x"]],
    // Sent on twice, with or without a trace between: the first fields are the last ones.
    ["Resent-From: s@x\nResent-To: t@x\nResent-From: r@x\nResent-To: q@x\nTo: b@x\n", "s@x", [
      "t@x",
    ]],
    ["Resent-To: t@x\nResent-From: s@x\nReceived: y\nResent-Cc: q@x\nTo: b@x\n", "s@x", ["t@x"]],
    ["Auto-Submitted: auto-replied (vacation)\nFrom: a@x\nTo: b@x\n", "", ["b@x"]],
    ["Auto-Submitted: no\nFrom: a@x\nTo: b@x\n", "a@x", ["b@x"]],
    ["Subject: nobody\n", undefined, []],
  ];
  for (const [fields, from, to] of table) {
    assertEquals(addresseesOf(Header.parse(encode(fields))), { from, to });
  }
});

Deno.test("the line of an mbox is left out, and no field", () => {
  for (
    const [text, rest] of [
      ["From joe@x Sat Nov 28 10:00:00 2026\r\nFrom: a@b\r\n", "From: a@b\r\n"],
      ["From joe", ""],
      ["From : a@b\n", "From : a@b\n"],
      ["From: a@b\n", "From: a@b\n"],
      ["", ""],
    ] as const
  ) assertEquals(decode(withoutMboxLine(encode(text))), rest);
});
