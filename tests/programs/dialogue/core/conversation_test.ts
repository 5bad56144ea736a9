import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Connection,
  DisconnectedError,
  memoryNetwork,
  TimeoutError,
  UsageError,
  writeAll,
} from "../../../../src/net/mod.ts";
import { Conversation, type ConversationOptions } from "../../../../src/programs/dialogue/mod.ts";
import { Secret, Transcript } from "../../../../src/protocols/wire/mod.ts";

/** A conversation, and the peer's end of it. */
async function open(
  options: Partial<ConversationOptions> = {},
): Promise<{ conversation: Conversation; peer: Connection; say(text: string): Promise<void> }> {
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [peer, near] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  return {
    conversation: new Conversation(near, { peer: "host", ...options }),
    peer,
    say: (text) => writeAll(peer, new TextEncoder().encode(text)),
  };
}

Deno.test("the first of several patterns on the screen is found, with the text before it", async () => {
  const { conversation, peer, say } = await open();
  await say("one two\r\nthree: ");
  const found = await conversation.expect(["three", /t(?<rest>\w+)/, "nothing"], 1000);
  const groups = { rest: "wo" };
  assertEquals(found, { index: 1, text: "two", before: "one ", isWhole: true, groups });
  assertEquals((await conversation.expect([": "], 1000))?.before, "\nthree");
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("a match that could still grow is waited for", async () => {
  const { conversation, peer, say } = await open();
  const found = conversation.expect([/\d+/], 1000);
  await say("12");
  await say("3 ");
  assertEquals((await found)?.text, "123");
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("text that was overwritten or cleared is found in its last form", async () => {
  const { conversation, peer, say } = await open();
  await say("logging in...\r\x1b[K\x1b[1mlogin\x1b[0m: ");
  assertEquals((await conversation.expect(["login: "], 1000))?.before, "");
  await say("\r\x1b[2KPassword: ");
  assertEquals((await conversation.expect(["Password: "], 1000))?.before, "");
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("a pattern is found in much output, wherever the bytes are cut", async () => {
  const { conversation, peer, say } = await open();
  const lines = Array.from({ length: 5000 }, (_, at) => `line ${at} of the output\r\n`).join("");
  const sending = say(`${lines}the end\r\n`);
  assertEquals((await conversation.expect(["line 3456 of"], 5000))?.index, 0);
  assertEquals((await conversation.expect([/4999 of[^]*end/], 5000))?.index, 0);
  await sending;
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("a timeout shows the last lines, and the next wait continues", async () => {
  const { conversation, peer, say } = await open();
  await say("Welcome\r\nready\x1b[5m> ");
  const error = await assertRejects(() => conversation.expect(["$ "], 20), TimeoutError);
  assertEquals(error.message.includes('"$ " did not come within 0.02 s'), true);
  assert(error.message.includes("last seen: Welcome | ready>"), error.message);
  await say("$ ");
  assertEquals((await conversation.expect(["$ "], 1000))?.before, "Welcome\nready> ");
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("the end differs from a timeout, and the output before it is kept", async () => {
  const { conversation, peer, say } = await open();
  await say("bye");
  peer.close();
  assertEquals(await conversation.expect(["never"], 1000), undefined);
  assertEquals([conversation.hasEnded, conversation.screen.unread()], [true, "bye"]);
  await assertRejects(() => conversation.send("x"), DisconnectedError);
  conversation[Symbol.dispose]();
});

Deno.test("secrets are masked wherever they would be shown", async () => {
  const lines: string[] = [];
  const { conversation, peer, say } = await open({
    transcript: new Transcript((speaker, text) => lines.push(`${speaker}: ${text}`)),
  });
  await say("Password: ");
  await conversation.expect(["Password: "], 1000);
  await conversation.sendLine(new Secret("hunter2"));
  // A server that shows it all the same, in two pieces.
  await say("hun");
  await say("ter2\r\nyou typed hunter2\r\n? ");
  await conversation.expect(["? "], 1000);
  assertEquals(lines, ["S: Password: ", "C: ********", "S: ********", "S: you typed ********"]);
  const error = await assertRejects(() => conversation.expect(["x"], 10), TimeoutError);
  assert(!error.message.includes("hunter2"), error.message);
  conversation[Symbol.dispose]();
  assert(!lines.join().includes("hunter2"));
  peer.close();
});

Deno.test("a very long line does not cut a secret in two", async () => {
  const lines: string[] = [];
  const { conversation, peer, say } = await open({
    transcript: new Transcript((_, text) => lines.push(text), { maxLineLength: 5000 }),
  });
  await conversation.sendLine(new Secret("hunter2"));
  for (let at = 1990; at < 2010; at++) {
    await say(`${"x".repeat(at)}hun`);
    await say("ter2\r\nend\r\n");
    await conversation.expect(["end"], 1000);
  }
  assert(!/hunter2|hunte|unter2/.test(lines.join("")), "shown");
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("character sets go both ways; what cannot be sent is refused", async () => {
  const { conversation, peer } = await open({ charset: "latin1" });
  await writeAll(peer, Uint8Array.of(0xe4, 0x20, 0x9f));
  assertEquals((await conversation.expect(["\u00e4 "], 1000))?.text, "\u00e4 ");
  await conversation.send("\u00fc");
  const buffer = new Uint8Array(10);
  assertEquals([await peer.read(buffer), buffer[0]], [1, 0xfc]);
  await assertRejects(() => conversation.send("\u20ac"), UsageError);
  await assertRejects(() => open({ charset: "klingon" }), UsageError);
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("an abort ends a wait with its reason", async () => {
  const controller = new AbortController();
  const { conversation, peer } = await open({ signal: controller.signal });
  const waiting = assertRejects(() => conversation.expect(["x"], 60_000), Error, "enough");
  controller.abort(new Error("enough"));
  await waiting;
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("secrets do not leak where one begins another, is expected, or wraps", async () => {
  const lines: string[] = [];
  const { conversation, peer, say } = await open({
    columns: 20,
    transcript: new Transcript((speaker, text) => lines.push(`${speaker}: ${text}`)),
  });
  await conversation.sendLine(new Secret("abc"));
  await conversation.sendLine(new Secret("abcdefgh"));
  await conversation.sendLine(new Secret(""));
  await say(`shown abcdefgh\r\n${"x".repeat(16)}abcdefgh\r\nlast`);
  await conversation.expect(["last"], 1000);
  const error = await assertRejects(() => conversation.expect(["neverabcdefgh"], 10), TimeoutError);
  const all = lines.join("|") + error.message + conversation.lastSeen();
  assert(!/abc|defgh/.test(all), all);
  await assertRejects(() => conversation.sendLine(new Secret("two\nlines")), UsageError);
  const latin1 = await open({ charset: "latin1" });
  const failed = await assertRejects(
    () => latin1.conversation.sendLine(new Secret("pass\u20ac")),
    UsageError,
  );
  assert(!failed.message.includes("\u20ac"), failed.message);
  for (const end of [conversation, latin1.conversation]) end[Symbol.dispose]();
  peer.close();
  latin1.peer.close();
});

Deno.test("an editor's screen is searched, and the one before it not again", async () => {
  const { conversation, peer, say } = await open();
  await say("old text\r\n\x1b[?1049h\x1b[24;1Hcmd: ");
  await conversation.expect(["cmd: "], 1000);
  await say("foo\r\nhello\r\nworld\r\ncmd: ");
  assertEquals((await conversation.expect(["hello"], 1000))?.text, "hello");
  await say("\x1b[?1049lnew text");
  await conversation.expect(["new text"], 1000);
  await assertRejects(() => conversation.expect(["old text"], 10), TimeoutError);
  conversation[Symbol.dispose]();
  peer.close();
});

Deno.test("misuse is refused: options, times, two waits at once, an aborted signal", async () => {
  for (const options of [{ columns: 0 }, { rows: -3 }, { keptRows: 0.5 }, { colums: 80 }]) {
    const error = await open(options as never).catch((error) => error);
    assert(error instanceof RangeError || error instanceof TypeError, JSON.stringify(options));
  }
  const { conversation, peer } = await open();
  await assertRejects(() => conversation.expect(["x"], NaN), RangeError);
  const first = conversation.expect(["x"], 50).catch(() => {});
  await assertRejects(() => conversation.expect(["x"], 50), TypeError, "another wait");
  await first;
  conversation[Symbol.dispose]();
  peer.close();
  const aborted = await open({ signal: AbortSignal.abort(new Error("enough")) });
  await assertRejects(() => aborted.conversation.expect(["x"], 50), Error, "enough");
  assertEquals(await aborted.peer.read(new Uint8Array(1)), null);
  aborted.peer.close();
});
