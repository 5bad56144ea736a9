import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { closeQuietly } from "../../../src/net/internal.ts";
import {
  ByteReader,
  type Connection,
  DisconnectedError,
  LineReader,
  memoryNetwork,
  type Network,
  PendingCall,
  poll,
  systemNetwork,
  writeAll,
} from "../../../src/net/mod.ts";

const encoder = new TextEncoder();

async function pairs(count: number, network: Network) {
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const near: Connection[] = [];
  const far: Connection[] = [];
  for (let i = 0; i < count; i++) {
    far.push(await network.connect({ hostname: "127.0.0.1", port }));
    near.push(await listener.accept());
  }
  return {
    near,
    far,
    [Symbol.dispose]: () => [...near, ...far].forEach(closeQuietly),
  };
}

for (
  const [where, network] of [["memory", memoryNetwork()], ["sockets", systemNetwork()]] as const
) {
  Deno.test(`poll() reports ready sources, again until they are read (${where})`, async () => {
    using set = await pairs(3, network);
    const readers = set.near.map((connection) => new LineReader(connection));
    assertEquals(await poll(readers, { timeoutMs: 0 }), []);
    assertEquals(await poll(readers, { timeoutMs: 10 }), []);
    await writeAll(set.far[1]!, encoder.encode("one\ntwo\nthr"));
    for (const line of ["one", "two"]) {
      assertEquals((await poll(readers)).map((reader) => readers.indexOf(reader)), [1]);
      assertEquals(readers[1]!.takeLine(), line);
    }
    // Half a line is looked at once, and does not keep the loop busy.
    await poll(readers);
    assertEquals(readers[1]!.takeLine(), undefined);
    assertEquals(await poll(readers, { timeoutMs: 10 }), []);
    await writeAll(set.far[1]!, encoder.encode("ee\n"));
    assertEquals(await poll(readers), [readers[1]]);
    assertEquals(readers[1]!.takeLine(), "three");
    // A pending poll does not disturb an ordinary read.
    const line = readers[2]!.readLine();
    await writeAll(set.far[2]!, encoder.encode("four\n"));
    assertEquals(await line, "four");
    set.far[0]!.close();
    assertEquals(await poll(readers), [readers[0]]);
    assertEquals([readers[0]!.ended, readers[1]!.ended], [true, false]);
    assertEquals(await readers[0]!.readLine(), undefined);
    assertEquals(await poll(readers), [readers[0]]);
  });

  Deno.test(`poll() loses nothing of 50 sources however often its time is over (${where})`, async () => {
    using set = await pairs(50, network);
    const readers = new Map(set.near.map((connection, i) => [new LineReader(connection), i]));
    const writing = Promise.all(set.far.map(async (connection, i) => {
      for (let line = 0; line < 40; line++) {
        await writeAll(connection, encoder.encode(`${i}:${line}\n`));
        if (line % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await connection.closeWrite();
    }));
    const next = new Array<number>(50).fill(0);
    for (let round = 0; readers.size > 0; round++) {
      for (const reader of await poll(readers.keys(), { timeoutMs: round % 2 })) {
        const i = readers.get(reader)!;
        for (let line; (line = reader.takeLine()) !== undefined;) {
          assertEquals(line, `${i}:${next[i]!++}`);
        }
        if (reader.ended) readers.delete(reader);
      }
    }
    await writing;
    assertEquals(next, new Array(50).fill(40));
  });
}

Deno.test("poll() waits for clients, datagrams, bytes and programs alike", async () => {
  const network = systemNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const clients = new PendingCall(() => listener.accept());
  const datagrams = new PendingCall(() => socket.receive());
  const child = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  const program = new PendingCall(() => child.status);
  assertEquals(await poll([program, clients, datagrams]), [program]);
  assertEquals(program.take()?.code, 0);
  const port = (listener.addr as Deno.NetAddr).port;
  using _client = await network.connect({ hostname: "127.0.0.1", port });
  assertEquals(await poll([clients, datagrams]), [clients]);
  // It waits for as long as no one takes it.
  assertEquals(await poll([clients, datagrams], { timeoutMs: 0 }), [clients]);
  clients.take()!.close();
  assertEquals(clients.take(), undefined);
  await socket.send(Uint8Array.of(1, 2, 3), socket.addr);
  assertEquals(await poll([datagrams]), [datagrams]);
  assertEquals(datagrams.take()?.[0], Uint8Array.of(1, 2, 3));
  socket.close();
  listener.close();
});

Deno.test("poll() ends with the signal's reason; a failure waits in its source", async () => {
  const silent = new PendingCall(() => new Promise<void>(() => {}));
  const controller = new AbortController();
  const polling = poll([silent], { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assertRejects(() => polling, Error, "enough");
  await assertRejects(() => poll([silent], { signal: controller.signal }), Error, "enough");
  const failing = new PendingCall(() => Promise.reject(new RangeError("no")));
  assertEquals(await poll([silent, failing]), [failing]);
  assertThrows(() => failing.take(), RangeError, "no");
  const broken = new ByteReader({ read: () => Promise.reject(new Deno.errors.ConnectionReset()) });
  assertEquals(await poll([broken]), [broken]);
  await assertRejects(() => broken.fill(), DisconnectedError);
});

Deno.test("poll() leaves nothing behind on a source that stays silent", async () => {
  let reactions = 0;
  const never = new Promise<void>(() => {});
  const then = never.then.bind(never);
  Object.assign(never, {
    then: (...handlers: Parameters<typeof then>) => (reactions++, then(...handlers)),
  });
  const silent = { ready: () => never };
  for (let i = 0; i < 1000; i++) {
    const now = new PendingCall(() => new Promise<void>((resolve) => queueMicrotask(resolve)));
    assertEquals((await poll([silent, now]))[0], now);
  }
  assertEquals(reactions, 1);
});
