/** Texts in counted chunks (RFC 3030). */

import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { LineReader, memoryNetwork, ReplyError, writeAll } from "../../../../src/net/mod.ts";
import { type OutgoingMessage, SmtpClient } from "../../../../src/protocols/smtp/mod.ts";
import { chunksOf } from "../../../../src/protocols/smtp/client/_chunks.ts";
import { Transcript } from "../../../../src/protocols/wire/mod.ts";
import { cutAt, latin1 } from "../../../support/bytes.ts";
import { served } from "../server/served.ts";

const envelope = { from: "ann@a.example", to: ["bob@b.example", "cat@b.example"] };

Deno.test("chunks hold the text with CRLF, wherever it is cut", async () => {
  await fc.assert(fc.asyncProperty(
    fc.string({ unit: fc.constantFrom("a", ".", "\r", "\n"), maxLength: 60 }),
    fc.array(fc.nat(), { maxLength: 8 }),
    fc.integer({ min: 1, max: 20 }),
    async (text, cuts, size) => {
      const pieces = cutAt(new TextEncoder().encode(text), cuts);
      const chunks = await Array.fromAsync(chunksOf(pieces, size));
      assertEquals(
        chunks.map(({ bytes }) => latin1(bytes)).join(""),
        text.replace(/\r\n|\r|\n/g, "\r\n"),
      );
      assertEquals(chunks.findIndex(({ isLast }) => isLast), chunks.length - 1);
      assertEquals(chunks.every(({ bytes }) => bytes.length <= 2 * size + 2), true);
    },
  ));
});

Deno.test("SmtpClient sends texts in chunks, and the next message with the last", async () => {
  const lines: string[] = [];
  await using server = served();
  const transcript = new Transcript((line) => lines.push(line));
  await using client = await SmtpClient.connect(server.endpoint, {
    network: server.network,
    chunking: true,
    transcript,
  });
  const large = "x".repeat(99) + "\n";
  const stream = async function* () {
    for (let count = 0; count < 25_000; count++) yield new TextEncoder().encode(large);
  };
  const waiting: OutgoingMessage[] = [
    { envelope, message: new TextEncoder().encode("a: b\n\n.\n..\n") },
    { envelope, message: stream() },
    { envelope, message: new Uint8Array(0) },
  ];
  const codes: number[] = [];
  await client.sendAll({
    take: () => waiting.shift(),
    sent: (_, { reply, accepted }) => codes.push(reply.code, accepted.length),
    failed: (_, error) => {
      throw error;
    },
  });
  assertEquals(codes, [250, 2, 250, 2, 250, 2]);
  assertEquals(server.kept.map(({ text }) => text.length), [15, 25_000 * 101, 0]);
  assertEquals(server.kept[0]?.text, "a: b\r\n\r\n.\r\n..\r\n");
  assertEquals(lines.some((line) => line.includes("DATA")), false);
});

Deno.test("SmtpClient gives up a text that is refused amid it, and continues", async () => {
  const network = memoryNetwork();
  const endpoint = { transport: "tcp", hostname: "127.0.0.1", port: 25 } as const;
  using listener = network.listen(endpoint);
  const received: string[] = [];
  const serving = (async () => {
    using connection = await listener.accept();
    const reader = new LineReader(connection);
    const say = (text: string) => writeAll(connection, new TextEncoder().encode(text));
    await say("220 x\r\n");
    for (let line = await reader.readLine(); line !== undefined; line = await reader.readLine()) {
      received.push(line);
      const bytes = Number(/^BDAT (\d+)/.exec(line)?.[1] ?? 0);
      for (let left = bytes; left > 0;) {
        if (reader.buffered === 0) await reader.fill();
        const taken = Math.min(left, reader.buffered);
        reader.consume(taken);
        left -= taken;
      }
      if (line.startsWith("EHLO")) await say("250-x\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
      else await say(bytes > 1000 ? "552 5.3.4 enough\r\n" : "250 ok\r\n");
    }
  })();
  {
    await using client = await SmtpClient.connect(endpoint, { network, chunking: true });
    const large = { envelope, message: new Uint8Array(3 * 1024 * 1024).fill(97) };
    const error = await assertRejects(() => client.send(large), ReplyError);
    assertEquals(error.code, 552);
    await client.send({ envelope, message: new Uint8Array(3).fill(97) });
  }
  await serving;
  const said = (lines: readonly string[]) => lines.map((line) => line.slice(0, 4));
  assertEquals(said(received.slice(1, 6)), ["MAIL", "RCPT", "RCPT", "BDAT", "RSET"]);
  assertEquals(said(received.slice(6)), ["MAIL", "RCPT", "RCPT", "BDAT", "QUIT"]);
  assertEquals(received.at(-2), "BDAT 3 LAST");
});

Deno.test("SmtpClient speaks LMTP in chunks: an answer for each recipient", async () => {
  await using server = served({
    protocol: "lmtp",
    deliver: async ({ text }) => {
      for await (const _ of text);
      return [undefined, [452, "4.2.2 full"]];
    },
  });
  const options = { network: server.network, protocol: "lmtp", chunking: true } as const;
  await using client = await SmtpClient.connect(server.endpoint, options);
  const { accepted, rejected } = await client.send({ envelope, message: new Uint8Array(9) });
  assertEquals(accepted.map(({ address }) => address), ["bob@b.example"]);
  assertEquals(rejected.map(({ reply }) => reply.code), [452]);
});
