/** A chat in which some send datagrams, and others are connected and type lines. */

import { assertEquals, assertMatch } from "@std/assert";
import {
  type HostEndpoint,
  LineReader,
  LineWriter,
  memoryNetwork,
  type Network,
  parseEndpoint,
} from "../../../src/net/mod.ts";
import { ChatClient } from "../../../src/protocols/chat/mod.ts";
import { serveDatagrams, type Server } from "../../../src/servers/mod.ts";
import { datagramService } from "../../../src/services/mod.ts";

async function started(network: Network, more: Record<string, string> = {}): Promise<Server> {
  const chat = await datagramService("chat", { lines: "127.0.0.1:2023", ...more });
  const endpoint = parseEndpoint("127.0.0.1:2027", { transport: "udp" });
  return serveDatagrams(chat, { network, endpoint, idleTimeoutMs: 60_000 });
}

/** Someone at a connection. */
async function connected(network: Network) {
  const connection = await network.connect({ hostname: "127.0.0.1", port: 2023 });
  const [reader, writer] = [new LineReader(connection), new LineWriter(connection)];
  return {
    line: () => reader.readLine(),
    say: (line: string) => writer.writeLine(line),
    [Symbol.dispose]: () => connection.close(),
  };
}

Deno.test("guests of connections talk with users of datagrams", async () => {
  const network = memoryNetwork();
  await using server = await started(network);
  using ann = await connected(network);
  assertEquals(await ann.line(), "-- please type your nickname");
  await ann.say("/join Pets");
  assertEquals(await ann.line(), "-- please log in");
  await ann.say("no good name");
  assertMatch((await ann.line())!, /^-- a nickname has/);
  await ann.say("");
  await ann.say("ann");
  assertEquals(await ann.line(), "-- you are ann; /help lists the commands");
  await ann.say("/join pets");
  assertEquals(
    await ann.line(),
    "-- you are in Pets with 1 in all: Friends with fur and feathers",
  );
  await using bob = await ChatClient.login(server.endpoint as HostEndpoint, {
    network,
    nickname: "bob",
  });
  bob.ask("joinRequest", "Pets");
  assertEquals(await ann.line(), "-- bob enters Pets");
  bob.ask("sendPublic", "hello \x1b[2J ann");
  assertEquals(await ann.line(), "[Pets] bob: hello \\x1b[2J ann");
  await ann.say("hello bob");
  assertEquals(await ann.line(), "[Pets] ann: hello bob");
  await ann.say("/msg bob psst");
  await ann.say("/nonsense");
  assertMatch((await ann.line())!, /^-- unknown command \/nonsense/);
  await ann.say("/quit");
  assertEquals(await ann.line(), undefined);
  const seen: string[] = [];
  for await (const news of bob.news()) {
    seen.push(news.kind);
    if (news.kind === "parted") break;
  }
  assertEquals(seen, ["entered", "message", "message", "private", "parted"]);
});

Deno.test("who hangs up is gone; a name is free again; all is over when the server ends", async () => {
  const network = memoryNetwork();
  const server = await started(network, { multicast: "yes" });
  // After a reply all of it has begun.
  await using _eve = await ChatClient.login(server.endpoint as HostEndpoint, {
    network,
    nickname: "eve",
  });
  const first = await connected(network);
  await first.line();
  await first.say("ann");
  await first.line();
  using second = await connected(network);
  await second.line();
  await second.say("ann");
  assertEquals(await second.line(), "-- nickname already in use");
  first[Symbol.dispose]();
  let answer = "";
  for (let tries = 0; tries < 100 && !answer.startsWith("-- you are"); tries++) {
    await second.say("ann");
    answer = (await second.line())!;
  }
  assertMatch(answer, /^-- you are ann/);
  // A connected guest receives no groups, and gets their messages directly.
  await second.say("/join Weather");
  assertMatch((await second.line())!, /^-- you are in Weather/);
  await second.say("rain");
  assertEquals(await second.line(), "[Weather] ann: rain");
  await server.shutdown(0);
  assertEquals(await second.line(), undefined);
});
