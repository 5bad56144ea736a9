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

/** Somebody at a connection. */
async function connected(network: Network) {
  const connection = await network.connect({ hostname: "127.0.0.1", port: 2023 });
  const [reader, writer] = [new LineReader(connection), new LineWriter(connection)];
  return {
    hear: () => reader.readLine(),
    say: (line: string) => writer.writeLine(line),
    [Symbol.dispose]: () => connection.close(),
  };
}

Deno.test("whoever is connected talks with whoever sends datagrams", async () => {
  const network = memoryNetwork();
  await using server = await started(network);
  using ann = await connected(network);
  assertEquals(await ann.hear(), "-- please type your nickname");
  await ann.say("/join Pets");
  assertEquals(await ann.hear(), "-- please log in");
  await ann.say("no good name");
  assertMatch((await ann.hear())!, /^-- a nickname has/);
  await ann.say("");
  await ann.say("ann");
  assertEquals(await ann.hear(), "-- you are ann; /help lists the commands");
  await ann.say("/join pets");
  assertEquals(
    await ann.hear(),
    "-- you are in Pets with 1 in all: Friends with fur and feathers",
  );
  await using bob = await ChatClient.login(server.endpoint as HostEndpoint, {
    network,
    nickname: "bob",
  });
  bob.ask("joinRequest", "Pets");
  assertEquals(await ann.hear(), "-- bob enters Pets");
  bob.ask("sendPublic", "hello \x1b[2J ann");
  assertEquals(await ann.hear(), "[Pets] bob: hello \\x1b[2J ann");
  await ann.say("hello bob");
  assertEquals(await ann.hear(), "[Pets] ann: hello bob");
  await ann.say("/msg bob psst");
  await ann.say("/nonsense");
  assertMatch((await ann.hear())!, /^-- unknown command \/nonsense/);
  await ann.say("/quit");
  assertEquals(await ann.hear(), undefined);
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
  // Whoever is answered knows that all of it has begun.
  await using _eve = await ChatClient.login(server.endpoint as HostEndpoint, {
    network,
    nickname: "eve",
  });
  const first = await connected(network);
  await first.hear();
  await first.say("ann");
  await first.hear();
  using second = await connected(network);
  await second.hear();
  await second.say("ann");
  assertEquals(await second.hear(), "-- nickname already in use");
  first[Symbol.dispose]();
  let answer = "";
  for (let tries = 0; tries < 100 && !answer.startsWith("-- you are"); tries++) {
    await second.say("ann");
    answer = (await second.hear())!;
  }
  assertMatch(answer, /^-- you are ann/);
  // Whoever is connected hears no groups, and is told what goes to them.
  await second.say("/join Weather");
  assertMatch((await second.hear())!, /^-- you are in Weather/);
  await second.say("rain");
  assertEquals(await second.hear(), "[Weather] ann: rain");
  await server.shutdown(0);
  assertEquals(await second.hear(), undefined);
});
