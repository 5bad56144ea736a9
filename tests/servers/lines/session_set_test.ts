import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  type Connection,
  DisconnectedError,
  InjectionError,
  LimitError,
  LineReader,
  memoryNetwork,
  type Network,
  parseEndpoint,
  readToEnd,
  systemNetwork,
  TimeoutError,
  writeAll,
} from "../../../src/net/mod.ts";
import {
  type LineSession,
  serveMultiplex,
  SessionSet,
  type SessionSetOptions,
} from "../../../src/servers/mod.ts";

const encoder = new TextEncoder();
/** As many lines of 1,000 bytes as no system holds for a peer that does not read. */
const LINES = 15_000;

/** A set with peers that are called by their numbers. */
async function withPeers(count: number, options: SessionSetOptions<number>, network: Network) {
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const sessions = new SessionSet<number>(options);
  const peers: Connection[] = [];
  const ended: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    peers.push(await network.connect({ hostname: "127.0.0.1", port }));
    ended.push(sessions.add(await listener.accept(), i).ended);
  }
  return {
    sessions,
    peers,
    ended,
    async [Symbol.asyncDispose](): Promise<void> {
      listener.close();
      for (const peer of peers) peer.close();
      await sessions[Symbol.asyncDispose]();
    },
  };
}

/** Keeps the program alive while nothing but a memory network and time-outs is at work. */
function keepAlive(): Disposable {
  const timer = setInterval(() => {}, 1000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function talk(
  sessions: SessionSet<number>,
  onLine: (line: string, session: LineSession<number>) => void,
): Promise<Map<number, unknown>> {
  const ends = new Map<number, unknown>();
  for await (const event of sessions) {
    if (event.kind === "line") onLine(event.line, event.session);
    if (event.kind === "end") ends.set(event.session.data, event.error);
  }
  return ends;
}

for (
  const [where, network] of [["memory", memoryNetwork()], ["sockets", systemNetwork()]] as const
) {
  Deno.test(`SessionSet: a hundred peers in one loop, each receives all in order (${where})`, async () => {
    await using set = await withPeers(100, {}, network);
    const { sessions, peers } = set;
    let received = 0;
    const talking = talk(sessions, (line, { data }) => {
      received++;
      assertEquals(sessions.broadcast(`${data} ${line}`), 100);
    });
    const readers = peers.map(async (peer) => {
      const reader = new LineReader(peer);
      const last = new Array<number>(100).fill(-1);
      for (let i = 0; i < 1000; i++) {
        const [who, what] = (await reader.readLine() ?? "").split(" ").map(Number);
        assertEquals(what, ++last[who!]!);
      }
    });
    await Promise.all(peers.map(async (peer) => {
      for (let i = 0; i < 10; i++) await writeAll(peer, encoder.encode(`${i}\r\n`));
    }));
    await Promise.all(readers);
    assertEquals(received, 1000);
    await sessions.end();
    assertEquals([...(await talking).values()], new Array(100).fill(undefined));
    assertEquals(sessions.size, 0);
  });

  Deno.test(`SessionSet: a peer that never reads stalls no one, is choked, then dropped (${where})`, async () => {
    const chokes: [number, boolean][] = [];
    await using set = await withPeers(3, {
      highWaterBytes: 10_000,
      maxQueuedBytes: 100_000,
      onChoke: ({ data }, choked) => chokes.push([data, choked]),
    }, network);
    const { sessions, peers, ended } = set;
    const talking = talk(sessions, (line) => void sessions.broadcast(line));
    const line = "x".repeat(998);
    const reading = peers.slice(0, 2).map(async (peer) => {
      const reader = new LineReader(peer);
      // However much the system's buffers hold for the third, the buffer here is full in the end.
      for (let i = 0; i < LINES; i++) assert(await reader.readLine() === line);
    });
    for (let i = 0; i < LINES; i++) await writeAll(peers[0]!, encoder.encode(`${line}\r\n`));
    await Promise.all(reading);
    await ended[2];
    assertEquals(sessions.sessions.map(({ data }) => data), [0, 1]);
    assertEquals(chokes.findLast(([who]) => who === 2), [2, true]);
    await sessions.end();
    const ends = await talking;
    assertInstanceOf(ends.get(2), LimitError);
    assertEquals([ends.get(0), ends.get(1)], [undefined, undefined]);
  });
}

Deno.test("SessionSet: a choked peer is not listened to until it has read", async () => {
  const chokes: boolean[] = [];
  const network = memoryNetwork();
  await using set = await withPeers(1, {
    highWaterBytes: 1000,
    lowWaterBytes: 100,
    maxQueuedBytes: 10_000_000,
    onChoke: (_, choked) => chokes.push(choked),
  }, network);
  const { sessions, peers: [peer] } = set;
  let lines = 0;
  const answer = "y".repeat(1_000_000);
  const talking = talk(sessions, (_, session) => {
    lines++;
    session.send(answer);
  });
  await writeAll(peer!, encoder.encode("one\r\ntwo\r\nthree\r\n"));
  const reader = new LineReader(peer!, { maxLineBytes: 2_000_000 });
  for (let i = 1; i <= 3; i++) {
    // Nothing of the next answer can have come before this one was read.
    assertEquals(lines <= i, true);
    assert(await reader.readLine() === answer);
  }
  peer!.close();
  await sessions.end();
  assertEquals([...(await talking).keys()], [0]);
  assertEquals(chokes, [true, false, true, false, true, false]);
});

Deno.test("SessionSet: with whenFull drop, the line goes and the session stays", async () => {
  await using set = await withPeers(1, {
    highWaterBytes: 10,
    maxQueuedBytes: 300_000,
    whenFull: "drop",
  }, memoryNetwork());
  const { sessions, peers } = set;
  const [session] = sessions.sessions;
  const results = [200_000, 99_000, 2000].map((size) => session!.send("z".repeat(size)));
  assertEquals([results, session!.dropped, sessions.size], [[true, true, false], 1, 1]);
  const reading = readToEnd(peers[0]!);
  const talking = talk(sessions, () => {});
  await session!.drained();
  await sessions.end();
  await talking;
  assertEquals((await reading).length, 299_004);
});

Deno.test("SessionSet: silent clients, and those that never read, are dropped in time", async () => {
  using _alive = keepAlive();
  await using set = await withPeers(2, { idleTimeoutMs: 30, stallTimeoutMs: 30 }, memoryNetwork());
  const { sessions, ended } = set;
  sessions.sessions[1]!.send("w".repeat(900_000));
  const talking = talk(sessions, () => {});
  await Promise.all(ended);
  sessions.close();
  const ends = await talking;
  assertInstanceOf(ends.get(0), TimeoutError);
  assertInstanceOf(ends.get(1), TimeoutError);
  assertEquals((ends.get(1) as Error).message.includes("read"), true);
});

Deno.test("SessionSet: a line at the end of the input still arrives", async () => {
  await using set = await withPeers(1, {}, memoryNetwork());
  const { sessions, peers: [peer] } = set;
  await writeAll(peer!, encoder.encode("last"));
  await peer!.closeWrite();
  const serving = (async () => {
    for await (const event of sessions) {
      if (event.kind === "line") event.session.send(`received ${event.line}`);
      if (event.kind === "end") event.session.send("good bye");
    }
  })();
  const all = new TextDecoder().decode(await readToEnd(peer!));
  assertEquals(all, "received last\r\ngood bye\r\n");
  await sessions.end();
  await serving;
});

Deno.test("SessionSet: a broken connection, too long a line and the limits are reported", async () => {
  await using set = await withPeers(2, { maxLineBytes: 100, maxSessions: 2 }, memoryNetwork());
  const { sessions, peers, ended } = set;
  assertThrows(() => sessions.add(peers[0]!, 9), LimitError);
  assertThrows(() => sessions.broadcast("a\nb"), InjectionError);
  assertThrows(() => sessions.sessions[0]!.send("a\0b"), InjectionError);
  const talking = talk(sessions, () => {});
  await writeAll(peers[0]!, encoder.encode("v".repeat(200)));
  await ended[0];
  peers[1]!.close();
  await ended[1];
  sessions.close();
  const ends = await talking;
  assertInstanceOf(ends.get(0), LimitError);
  const second = ends.get(1);
  assert(second === undefined || second instanceof DisconnectedError);
  assertThrows(() => sessions.add(peers[0]!, 9), LimitError);
  assertThrows(
    () => new SessionSet({ highWaterBytes: 2, lowWaterBytes: 3 }).add(peers[0]!),
    RangeError,
  );
});

Deno.test("SessionSet serves under a server model, which counts and logs", async () => {
  await using sessions = new SessionSet();
  const serving = (async () => {
    for await (const event of sessions) if (event.kind === "line") event.session.send(event.line);
  })();
  const network = systemNetwork();
  const chat = {
    name: "chat",
    handle: (connection: Connection): Promise<void> => sessions.add(connection).ended,
  };
  await using server = serveMultiplex(chat, { network, endpoint: parseEndpoint("127.0.0.1:0") });
  const { hostname, port } = new URL(`tcp://${server.status().endpoint}`);
  using peer = await network.connect({ hostname, port: Number(port) });
  await writeAll(peer, encoder.encode("hello\r\n"));
  assertEquals(await new LineReader(peer).readLine(), "hello");
  await server.shutdown(0);
  await sessions.end();
  await serving;
  assertEquals(server.status().accepted, 1);
});
