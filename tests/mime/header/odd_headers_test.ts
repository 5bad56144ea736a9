/** Headers that other programs broke: their content is still read, and each defect is reported. */

import { assert, assertEquals } from "@std/assert";
import { Header, parseMessage, readParts } from "../../../src/mime/mod.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("a byte order mark before the header is skipped, and reported", () => {
  const text = "\ufeffFrom: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
    "--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nhi\r\n--b--\r\n";
  const message = parseMessage(encode(text));
  assertEquals(message.header.get("from"), "a@b.example");
  assertEquals(message.parts.map(({ header }) => header.fileName), ["a"]);
  assertEquals(message.defects, ["a byte order mark before the header"]);
  assertEquals(Header.parse(encode("\ufeffFrom: a@b.example\r\n")).get("from"), "a@b.example");
});

// MailScanner/v4#58
Deno.test("a parameter without indentation belongs to the line before it", () => {
  const text = 'From: a@b.example\r\nContent-Type: application/zip;\r\nname="x.zip"\r\n' +
    "Content-Transfer-Encoding: base64\r\n\r\naGk=\r\n";
  const message = parseMessage(encode(text));
  assertEquals([message.type, message.header.fileName], ["application/zip", "x.zip"]);
  assertEquals(new TextDecoder().decode(message.content), "hi");
  assertEquals(message.defects, ["a line in the header that is not a field"]);
});

Deno.test("a line that is not a field is skipped where the header continues behind it", () => {
  const message = parseMessage(
    encode(
      "From: a@b.example\r\nwhat is this\r\nSubject: x\r\nContent-Type: text/html\r\n\r\nbody",
    ),
  );
  assertEquals([message.header.get("subject"), message.type, message.text], [
    "x",
    "text/html",
    "body",
  ]);
  assertEquals(message.defects, ["a line in the header that is not a field"]);
});

Deno.test("text that follows a header without its empty line stays text", () => {
  const bodies = [
    "Hello Bob,\r\nNote: this\r\n\r\nrest\r\n",
    "Hello Bob,\r\n\r\nSubject: of our talk\r\n\r\nrest\r\n",
    "Hello Bob,\r\nSubject: of our talk\r\nand more\r\n\r\nrest\r\n",
    "Hello\r\n",
  ];
  for (const body of bodies) {
    assertEquals(parseMessage(encode(`From: a@b.example\r\n${body}`)).text, body);
  }
});

Deno.test("a first line that begins with a space is skipped", () => {
  const message = parseMessage(encode(" odd\r\nFrom: a@b.example\r\nSubject: x\r\n\r\nbody"));
  assertEquals([message.header.get("subject"), message.text], ["x", "body"]);
});

Deno.test("oddities are read in the same way wherever the bytes are cut", async () => {
  const texts = [
    "\ufeffFrom: a\r\nbad\r\nSubject: x\r\n\r\nbody",
    'From: a\r\nContent-Type: text/plain;\r\nname="x"\r\n\r\nbody',
    "From: a\r\nX-bad line\r\nbody: of it\r\n\r\nbody",
  ];
  for (const text of texts) {
    const bytes = encode(text);
    const whole = parseMessage(bytes);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const defects: string[] = [];
      let body = "";
      for await (const part of readParts([bytes.slice(0, cut), bytes.slice(cut)])) {
        for await (const piece of part.content()) body += new TextDecoder().decode(piece);
        defects.push(...part.defects);
      }
      assertEquals([body, defects], [whole.text, whole.defects], `cut at ${cut}`);
    }
    assert(whole.defects.length > 0);
  }
});

Deno.test("fields that two readers may read in two ways are reported", async (t) => {
  const rows: readonly [header: string, defects: string[]][] = [
    ["From: a@b.c\r\nFrom: d@e.f\r\n", ["from occurs more than once"]],
    ["Subject: a\r\nSubject: b\r\n", ["subject occurs more than once"]],
    ["Subject: a\r\nSubject: a\r\n", []],
    ["Received: a\r\nReceived: b\r\n", []],
    ["From: a@b.c\rX: d\r\n", ["a CR by itself or NUL in a field"]],
    ["Subject: a\0b\r\n", ["a CR by itself or NUL in a field"]],
    ["Subject: a\r\n b\r\n", []],
  ];
  for (const [header, defects] of rows) {
    await t.step(JSON.stringify(header), () => {
      assertEquals(parseMessage(new TextEncoder().encode(`${header}\r\nx`)).defects, defects);
    });
  }
});
