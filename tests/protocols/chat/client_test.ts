/** The chat's client and server over networks in memory. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type HostEndpoint,
  memoryNetwork,
  NetwrightError,
  TimeoutError,
} from "../../../src/net/mod.ts";
import { ChatClient, type ChatNews } from "../../../src/protocols/chat/mod.ts";
import { chatCrowd, started, until } from "../../support/chat_in_memory.ts";

Deno.test("two users talk, publicly and privately, and see each other", async () => {
  const network = memoryNetwork();
  await using server = await started(network);
  const endpoint = server.endpoint as HostEndpoint;
  await using ann = await ChatClient.login(endpoint, { network, nickname: "ann" });
  await using bob = await ChatClient.login(endpoint, { network, nickname: "bob" });
  const [toAnn, toBob] = [ann.news(), bob.news()];
  ann.ask("joinRequest", "pets");
  assertEquals((await until(toAnn, "entered")).channel, "Pets");
  bob.ask("joinRequest", "Pets");
  assertEquals((await until(toBob, "entered")).users, 2);
  assertEquals(await until(toAnn, "joined"), { kind: "joined", channel: "Pets", nickname: "bob" });
  ann.ask("sendPublic", "hello all");
  for (const news of [toAnn, toBob]) {
    assertEquals(await until(news, "message"), {
      kind: "message",
      channel: "Pets",
      from: "ann",
      text: "hello all",
    });
  }
  bob.ask("sendPrivate", "ann psst \x1b[2J");
  assertEquals(await until(toAnn, "private"), {
    kind: "private",
    from: "bob",
    text: "psst \\x1b[2J",
  });
  ann.ask("listUsers");
  assertEquals((await until(toAnn, "user")).nickname, "ann");
  assertEquals((await until(toAnn, "user")).channels, ["Pets"]);
  ann.ask("listChannels");
  assertEquals((await until(toAnn, "channel")).channel, "CurrentEvents");
  ann.ask("joinRequest", "Weather");
  await until(toAnn, "entered");
  assertEquals(ann.channels, ["Pets", "Weather"]);
  ann.ask("partRequest", "Weather");
  await until(toAnn, "left");
  assertEquals((await until(toAnn, "entered")).channel, "Pets");
  ann.ask("joinRequest", "Nowhere");
  assertEquals((await until(toAnn, "error")).text, "no channel named Nowhere");
  await bob[Symbol.asyncDispose]();
  assertEquals(await until(toAnn, "parted"), { kind: "parted", channel: "Pets", nickname: "bob" });
  for (let last = await toBob.next(); !last.done;) last = await toBob.next();
});

Deno.test("a login that is refused, and one without a reply", async () => {
  const network = memoryNetwork();
  const server = await started(network);
  const endpoint = server.endpoint as HostEndpoint;
  await using _ann = await ChatClient.login(endpoint, { network, nickname: "ann" });
  await assertRejects(
    () => ChatClient.login(endpoint, { network, nickname: "Ann" }),
    NetwrightError,
    "nickname already in use",
  );
  await assertRejects(
    () => ChatClient.login(endpoint, { network, nickname: "a b" }),
    NetwrightError,
    "a nickname has 1 to 20",
  );
  await server.shutdown(0);
  await assertRejects(
    () => ChatClient.login(endpoint, { network, nickname: "bob", timeoutMs: 50 }),
    TimeoutError,
    "no chat server answers",
  );
});

Deno.test("a server that comes back gets the whole state again", async () => {
  const network = memoryNetwork();
  const first = await started(network);
  const endpoint = first.endpoint as HostEndpoint;
  await using ann = await ChatClient.login(endpoint, { network, nickname: "ann", stillHereMs: 20 });
  const news = ann.news();
  for (const channel of ["Pets", "Weather"]) {
    ann.ask("joinRequest", channel);
    await until(news, "entered");
  }
  await first.shutdown(0);
  assert((await until(news, "silent")).seconds >= 0);
  await using _second = await started(network, {}, endpoint.port);
  await until(news, "again");
  assertEquals((await until(news, "entered")).channel, "Pets");
  assertEquals((await until(news, "entered")).channel, "Weather");
  ann.ask("sendPublic", "still here");
  assertEquals((await until(news, "message")).channel, "Weather");
});

Deno.test("100 users in 10 channels: every member gets each of 5,000 messages once, and nothing stays", async () => {
  await chatCrowd({ users: 100, channels: 10, messages: 5000 });
});

/** Texts of the messages and errors that come, until there are so many. */
async function received(news: AsyncGenerator<ChatNews>, count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const next of news) {
    if (next.kind === "message" || next.kind === "error") texts.push(next.text);
    if (texts.length >= count) return texts;
  }
  return texts;
}

Deno.test("messages sent while the server is away arrive when it is back, in order", async () => {
  const network = memoryNetwork();
  const first = await started(network);
  const endpoint = first.endpoint as HostEndpoint;
  await using ann = await ChatClient.login(endpoint, { network, nickname: "ann" });
  const news = ann.news();
  ann.ask("joinRequest", "Pets");
  await until(news, "entered");
  await first.shutdown(0);
  for (const text of ["one", "two", "three"]) ann.ask("sendPublic", text);
  await using _second = await started(network, {}, endpoint.port);
  assertEquals(await received(news, 3), ["one", "two", "three"]);
  await ann.settled;
});

Deno.test("lines beyond the server's rate are sent later, and none is lost", async () => {
  const network = memoryNetwork();
  await using server = await started(network, { rate: "20" });
  const endpoint = server.endpoint as HostEndpoint;
  await using ann = await ChatClient.login(endpoint, { network, nickname: "ann" });
  const news = ann.news();
  ann.ask("joinRequest", "Pets");
  await until(news, "entered");
  const lines = Array.from({ length: 60 }, (_, n) => `line ${n}`);
  for (const line of lines) ann.ask("sendPublic", line);
  await ann.settled;
  const texts: string[] = [];
  while (texts.length < lines.length) {
    const { value } = await news.next();
    // A message that is sent again later is not a failure.
    if (value?.kind === "error") throw new Error(value.text);
    if (value?.kind === "message") texts.push(value.text);
  }
  assertEquals(texts, lines);
});

Deno.test("what could not be delivered is reported, line by line", async () => {
  const network = memoryNetwork();
  const server = await started(network);
  const endpoint = server.endpoint as HostEndpoint;
  const ann = await ChatClient.login(endpoint, { network, nickname: "ann" });
  const news = ann.news();
  ann.ask("joinRequest", "Pets");
  await until(news, "entered");
  await server.shutdown(0);
  ann.ask("sendPublic", "lost");
  ann.ask("sendPrivate", "bob too");
  await ann[Symbol.asyncDispose]();
  assertEquals(await received(news, 3), ["not delivered: lost", "not delivered: bob too"]);
  assertEquals(ann.undelivered, 2);
});
