/** Parts that cannot be found, and encodings that contradict the content: nothing is lost. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseMessage, readParts, type StreamedPart } from "../../../src/mime/mod.ts";
import { join } from "../../support/bytes.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEAD = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n";
const BODY = "--y\r\nContent-Type: text/plain\r\n\r\npart\r\n--y--\r\n";

/** Path, kind, and content of each part of a stream. */
async function streamed(message: Uint8Array, size = 7): Promise<[string, string, string][]> {
  const pieces = Array.from(
    { length: Math.ceil(message.length / size) },
    (_, index) => message.subarray(index * size, (index + 1) * size),
  );
  const found: [string, string, string][] = [];
  for await (const part of readParts(pieces)) found.push([part.path, part.kind, await read(part)]);
  return found;
}

async function read(part: StreamedPart): Promise<string> {
  if (part.kind !== "leaf") return "";
  return new TextDecoder().decode(join(await Array.fromAsync(part.content())));
}

Deno.test("a multipart without parts is a part with all its bytes (aerc#73)", async () => {
  const message = bytes(`${HEAD}\r\n${BODY}`);
  const root = parseMessage(message);
  assertEquals([root.kind, root.type, root.text], ["leaf", "multipart/mixed", BODY]);
  assertEquals(root.defects, ["no part in a multipart"]);
  assertEquals(await streamed(message), [["1", "leaf", BODY]]);
});

Deno.test("a multipart that is encoded as a whole is a part with its decoded bytes", async () => {
  const encoded = btoa(BODY.replaceAll("--y", "--x")).replaceAll(/.{40}/g, "$&\r\n");
  const message = bytes(`${HEAD}Content-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`);
  const root = parseMessage(message);
  assertEquals([root.kind, root.text], ["leaf", BODY.replaceAll("--y", "--x")]);
  assertEquals(root.defects, ["a multipart that says it is encoded", "no part in a multipart"]);
  assertEquals(await streamed(message), [["1", "leaf", root.text]]);
});

Deno.test("a multipart that is wrongly labelled as encoded is read unchanged", () => {
  const body = BODY.replaceAll("--y", "--x");
  const root = parseMessage(bytes(`${HEAD}Content-Transfer-Encoding: base64\r\n\r\n${body}`));
  assertEquals(root.parts.map(({ text }) => text), ["part"]);
});

Deno.test("a message that says it is encoded is decoded only if it is", async (t) => {
  const inner = "Subject: hello\r\n\r\nhi\r\n";
  const head = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  for (const body of [inner, btoa(inner)]) {
    await t.step(body.slice(0, 12), async () => {
      const root = parseMessage(bytes(head + body));
      assertEquals(root.parts[0]?.header.text("subject"), "hello");
      assertEquals(root.parts[0]?.text.trimEnd(), "hi");
      assertEquals((await streamed(bytes(head + body), 3)).map(([path]) => path), ["1", "1.1"]);
    });
  }
});

Deno.test("a part within a part: the inner one without parts ends with the outer boundary", () => {
  const root = parseMessage(bytes(
    `${HEAD}\r\n--x\r\nContent-Type: multipart/alternative; boundary=z\r\n\r\nlost\r\n` +
      "--x\r\n\r\nsecond\r\n--x--\r\n",
  ));
  assertEquals(root.parts.map(({ kind, text }) => [kind, text]), [
    ["leaf", "lost"],
    ["leaf", "second"],
  ]);
});

Deno.test("a preamble of more than 1 MiB is the content, and bounded in memory", async () => {
  const body = "x".repeat(77) + "\r\n";
  const message = bytes(`${HEAD}\r\n${body.repeat(30_000)}--x\r\n\r\npart\r\n--x--\r\n`);
  const [only, ...more] = await streamed(message, 65_536);
  assertEquals([only?.[1], more.length], ["leaf", 0]);
  assertEquals(only?.[2].endsWith("part\r\n--x--\r\n"), true);
});

Deno.test("a multipart that is closed without parts does not hide the parts after it", async (t) => {
  for (const lines of [10, 16_000]) {
    await t.step(`${lines} lines after it`, async () => {
      const filler = ("x".repeat(77) + "\n").repeat(lines);
      const files = Array.from({ length: 5 }, (_, index) => `--A\n\nfile ${index}\n`).join("");
      const message = bytes(
        "Content-Type: multipart/mixed; boundary=A\n\n--A\n" +
          `Content-Type: multipart/mixed; boundary=B\n\n--B--\n${filler}${files}--A--\n`,
      );
      for (const size of [1000, 65_536, message.length]) {
        const found = await streamed(message, size);
        const texts = found.filter(([path]) => path.length === 3).slice(1).map(([, , text]) =>
          text
        );
        assertEquals(texts, ["file 0", "file 1", "file 2", "file 3", "file 4"]);
      }
    });
  }
});

Deno.test("a message/global in quoted-printable is decoded (RFC 6532 §3.7)", () => {
  const root = parseMessage(bytes(
    "Content-Type: message/global\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
      "From: J=C3=B6rg <a@b.c>\r\nSubject: a=3Db =C3=A4\r\n\r\nx=3Dy\r\n",
  ));
  assertEquals(root.parts[0]?.header.text("subject"), "a=b ä");
  assertEquals(root.parts[0]?.text.trimEnd(), "x=y");
});

Deno.test("any chunking finds the same parts", async () => {
  const text = fc.array(
    fc.constantFrom("--x\r\n", "--x--\r\n", "--y\r\n", "\r\n", "a: b\r\n", "text", "--", HEAD),
    { maxLength: 12 },
  );
  await fc.assert(fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (lines, size) => {
    const message = bytes(`${HEAD}\r\n${lines.join("")}`);
    assertEquals(await streamed(message, size), await streamed(message, 10_000));
  }));
});

Deno.test("input byte by byte is read in linear time", async (t) => {
  const rows: Readonly<Record<string, (length: number) => string>> = {
    "one header line": (length) => `X: ${"y".repeat(length)}\n\nbody`,
    "a lost parameter": (length) =>
      `Content-Type: text/plain;\nname="x.zip\n${"y".repeat(length)}\n\nbody`,
    "text in the header": (length) => `Subject: x\ntext\n${"y".repeat(length)}\n\nbody`,
    "a preamble": (length) =>
      `Content-Type: multipart/mixed; boundary=b\n\n${"p".repeat(length)}\n--b\n\nbody\n--b--\n`,
  };
  for (const [name, make] of Object.entries(rows)) {
    await t.step(name, async () => {
      // At the old cost per byte this took more than the test may take; it now takes a second.
      const bytes = new TextEncoder().encode(make(500_000));
      let count = 0;
      const pieces = (function* () {
        for (const byte of bytes) yield Uint8Array.of(byte);
      })();
      for await (const part of readParts(pieces)) {
        count++;
        if (!part.type.startsWith("multipart/")) {
          for await (const _ of part.content());
        }
      }
      assertEquals(count > 0, true);
    });
  }
});
