import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { splitMbox } from "../../../src/mime/mod.ts";
import { cutAt } from "../../support/bytes.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function messagesOf(text: string, cuts: readonly number[] = []): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { from, text: pieces } of splitMbox(cutAt(encode(text), cuts))) {
    let body = "";
    const decoder = new TextDecoder();
    for await (const piece of pieces) body += decoder.decode(piece, { stream: true });
    found.push([from, body]);
  }
  return found;
}

const LONG = "y".repeat(5000);

Deno.test("splitMbox() divides a file into its messages", async (t) => {
  const rows: [name: string, text: string, messages: [from: string, text: string][]][] = [
    ["nothing", "", []],
    ["empty lines", "\n\n", []],
    ["one", "From a Thu Jan 1\nSubject: x\n\nhi\n", [["a Thu Jan 1", "Subject: x\n\nhi\n"]]],
    ["no separator", "Subject: x\n\nhi\n", [["", "Subject: x\n\nhi\n"]]],
    ["two", "From a\nA: 1\n\none\n\nFrom b\nB: 2\n\ntwo\n", [
      ["a", "A: 1\n\none\n"],
      ["b", "B: 2\n\ntwo\n"],
    ]],
    ["CRLF", "From a\r\nA: 1\r\n\r\none\r\n\r\nFrom b\r\n\r\ntwo\r\n", [
      ["a", "A: 1\r\n\r\none\r\n"],
      ["b", "\r\ntwo\r\n"],
    ]],
    ["From within a text", "From a\n\nx\nFrom here on\n", [["a", "\nx\nFrom here on\n"]]],
    ["a quoted one", "From a\n\n>From x\n>>From y\n>Frog\n", [["a", "\nFrom x\n>From y\n>Frog\n"]]],
    ["an empty message", "From a\n\nFrom b\n\nx", [["a", ""], ["b", "\nx"]]],
    ["several empty lines", "From a\n\nx\n\n\n\nFrom b\n\ny\n\n", [["a", "\nx\n\n\n"], [
      "b",
      "\ny\n",
    ]]],
    ["a long line", `From a\n\n${LONG}\nFrom x\n\nFrom b\n\n${LONG}`, [
      ["a", `\n${LONG}\nFrom x\n`],
      ["b", `\n${LONG}`],
    ]],
  ];
  for (const [name, text, messages] of rows) {
    await t.step(name, async () => {
      assertEquals(await messagesOf(text), messages);
      const every = Array.from({ length: encode(text).length }, (_, at) => at);
      assertEquals(await messagesOf(text, every), messages);
    });
  }
  await t.step("unread messages are passed over", async () => {
    const text = "From a\nA: 1\n\none\n\nmore\n\nFrom b\nB: 2\n\ntwo\n\nFrom c\n\nthree\n";
    const seen: string[] = [];
    for await (const { from, text: pieces } of splitMbox([encode(text)])) {
      seen.push(from);
      if (from === "b") continue;
      for await (const _ of pieces) break;
    }
    assertEquals(seen, ["a", "b", "c"]);
  });
});

Deno.test("splitMbox() gives the same however a file is cut", async () => {
  const line = fc.constantFrom("From a", "From ", "", "x", ">From b", LONG, "\r", "Fro", "m x");
  const file = fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n"));
  await fc.assert(fc.asyncProperty(file, fc.array(fc.nat(6000)), async (text, cuts) => {
    assertEquals(await messagesOf(text, cuts), await messagesOf(text));
  }));
});
