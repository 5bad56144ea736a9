/** A chat whose channels are multicast groups, in memory. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type HostEndpoint,
  memoryNetwork,
  MulticastSender,
  type Network,
  overrideNetwork,
  parseEndpoint,
} from "../../../src/net/mod.ts";
import { ChatGroups, splitGroup } from "../../../src/protocols/chat/internal.ts";
import {
  ChatClient,
  type ChatNews,
  ChatRooms,
  encodeChat,
} from "../../../src/protocols/chat/mod.ts";
import { serveDatagrams, type Server } from "../../../src/servers/mod.ts";
import { datagramService } from "../../../src/services/mod.ts";

async function started(network: Network, options: Record<string, string> = {}): Promise<Server> {
  const chat = await datagramService("chat", {
    multicast: "yes",
    "multicast-port": "2222",
    ...options,
  });
  const endpoint = parseEndpoint("127.0.0.1:2027", { transport: "udp" });
  return serveDatagrams(chat, { network, endpoint });
}

/** The next news of a kind. */
async function until<K extends ChatNews["kind"]>(
  news: AsyncGenerator<ChatNews>,
  kind: K,
): Promise<ChatNews & { kind: K }> {
  while (true) {
    const { value, done } = await news.next();
    if (done) throw new Error(`no news of ${kind}`);
    if (value.kind === kind) return value as ChatNews & { kind: K };
  }
}

// In memory all sockets that are bound to no address send from that of all.
const groups = { servers: ["0.0.0.0"] };

Deno.test("messages of a channel go to its group, which members receive until they part", async () => {
  const network = memoryNetwork();
  await using server = await started(network);
  const at = server.endpoint as HostEndpoint;
  await using ann = await ChatClient.login(at, { network, nickname: "ann", groups });
  await using bob = await ChatClient.login(at, { network, nickname: "bob", groups });
  await using eve = await ChatClient.login(at, { network, nickname: "eve" });
  const [toAnn, toBob, toEve] = [ann.news(), bob.news(), eve.news()];
  ann.ask("joinRequest", "Pets");
  assertEquals(await until(toAnn, "entered"), {
    ...{ kind: "entered", channel: "Pets", users: 1, group: "225.1.0.5" },
    description: "Friends with fur and feathers",
  });
  bob.ask("joinRequest", "pets");
  assertEquals((await until(toAnn, "joined")).nickname, "bob");
  // A message sent at once waits for the group.
  bob.ask("sendPublic", "hello");
  for (const news of [toAnn, toBob]) assertEquals((await until(news, "message")).text, "hello");
  eve.ask("joinRequest", "Pets");
  assertEquals((await until(toEve, "error")).text.includes("225.1.0.5"), true);
  ann.ask("partRequest", "Pets");
  assertEquals((await until(toAnn, "left")).group, "225.1.0.5");
  bob.ask("sendPublic", "without ann");
  assertEquals((await until(toBob, "message")).text, "without ann");
  ann.ask("sendPrivate", "ann done");
  const { value } = await toAnn.next();
  assertEquals(value?.kind, "private");
});

Deno.test("messages of other senders are ignored, and reported once", async () => {
  const network = memoryNetwork();
  await using server = await started(network);
  const at = server.endpoint as HostEndpoint;
  await using ann = await ChatClient.login(at, { network, ...{ nickname: "ann", groups: {} } });
  const news = ann.news();
  ann.ask("joinRequest", "Weather");
  await until(news, "entered");
  const group = { transport: "udp", hostname: "225.1.0.2", port: 2222 } as const;
  using stranger = await MulticastSender.open(network, group);
  for (let n = 0; n < 3; n++) await stranger.send(encodeChat("publicMessage", "Weather bob rain"));
  assertEquals(
    (await until(news, "error")).text,
    "0.0.0.0 sends to a group of this chat, and is not the server",
  );
  ann.ask("sendPrivate", "ann done");
  assertEquals((await news.next()).value?.kind, "private");
});

Deno.test("a client that cannot receive groups gets their messages from the server", () => {
  const reported: string[] = [];
  const rooms = new ChatRooms({
    groupOf: () => "225.1.0.9",
    toGroup: (group, event, text) => reported.push(`${group} ${event} ${text}`),
  });
  const seat = (key: string, isConnected: boolean) => ({
    ...{ key, host: key, isConnected },
    send: (event: string, text: string) => void reported.push(`${key} ${event} ${text}`),
  });
  for (const [key, isConnected] of [["ann", false], ["bob", true]] as const) {
    rooms.receive(seat(key, isConnected), "loginRequest", key);
    rooms.receive(seat(key, isConnected), "joinRequest", "Pets");
  }
  reported.length = 0;
  rooms.receive(seat("ann", false), "sendPublic", "hello");
  assertEquals(reported, [
    "225.1.0.9 publicMessage Pets ann hello",
    "bob publicMessage Pets ann hello",
  ]);
});

Deno.test("a group that is left while it is being joined is left; there are only so many", async () => {
  const network = memoryNetwork();
  let sockets = 0;
  const counting = overrideNetwork(network, {
    listenDatagram(options) {
      const socket = network.listenDatagram(options);
      sockets++;
      const close = socket.close.bind(socket);
      socket.close = () => {
        sockets--;
        close();
      };
      return socket;
    },
  });
  const troubles: string[] = [];
  const entered = new ChatGroups(counting, "127.0.0.1", {}, {
    onEvent: () => {},
    onTrouble: (text) => void troubles.push(text),
  });
  const joining = [entered.enter("Pets", "225.1.0.5"), entered.enter("Pets", "225.1.0.5")];
  const leaving = entered.close();
  await Promise.all([...joining, leaving]);
  assertEquals(sockets, 0);
  for (let n = 0; n < 110; n++) await entered.enter(`C${n}`, "225.1.0.5");
  assertEquals([sockets, troubles.length], [100, 10]);
  await entered.enter("none", "192.0.2.1");
  await entered.close();
  assertEquals(sockets, 0);
});

Deno.test("only the address of a group is one", () => {
  assertEquals(splitGroup("225.1.0.5 Cats and dogs"), {
    group: "225.1.0.5",
    description: "Cats and dogs",
  });
  for (const text of ["", "Cats and dogs", "192.0.2.1 Cats", "225.1.0.5.6 x", "225.1.0.5x y"]) {
    assertEquals(splitGroup(text), { group: undefined, description: text });
  }
  fc.assert(fc.property(fc.string(), (text) => {
    const { group, description } = splitGroup(text);
    assert(group === undefined ? description === text : text.startsWith(group));
  }));
});
