import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type Address,
  ConnectError,
  type Connection,
  type DatagramConnection,
  DisconnectedError,
  LineReader,
  memoryNetwork,
  type MemoryNetworkOptions,
  type Network,
  readToEnd,
  TestClock,
  toNetwrightError,
  writeAll,
} from "../../../src/net/mod.ts";

async function pair(
  options: MemoryNetworkOptions = {},
): Promise<{ client: Connection; server: Connection }> {
  const network = memoryNetwork(options);
  using listener = network.listen({ port: 7 });
  const accepted = listener.accept();
  const client = await network.connect({ port: 7 });
  return { client, server: await accepted };
}

function udp(network: Network, port = 0, hostname = "127.0.0.1", reuseAddress = false) {
  return network.listenDatagram({ transport: "udp", hostname, port, reuseAddress });
}

/** Sends numbered datagrams and gives what arrives until nothing more does. */
async function arrivals(
  options: MemoryNetworkOptions,
  count = 200,
): Promise<Uint8Array[]> {
  const clock = new TestClock();
  const network = memoryNetwork({ ...options, time: clock });
  const receiver = udp(network, 9);
  const sender = udp(network);
  const got: Uint8Array[] = [];
  const receiving = (async () => {
    while (true) got.push((await receiver.receive())[0]);
  })().catch(() => {});
  for (let i = 0; i < count; i++) await sender.send(Uint8Array.of(i, 1, 2, 3), receiver.addr);
  await clock.advance(10_000);
  receiver.close();
  sender.close();
  await receiving;
  return got;
}

Deno.test("memoryNetwork() carries bytes whatever the faults of its reads and writes", async () => {
  const faults = fc.record({
    seed: fc.nat(),
    maxReadBytes: fc.option(fc.integer({ min: 1, max: 50 }), { nil: 1000 }),
    maxWriteBytes: fc.option(fc.integer({ min: 1, max: 50 }), { nil: 1000 }),
    bufferBytes: fc.integer({ min: 1, max: 100 }),
    delayMs: fc.constantFrom(0, 3),
    jitterMs: fc.constantFrom(0, 5),
    bytesPerSecond: fc.constantFrom(Infinity, 1000),
  });
  await fc.assert(
    fc.asyncProperty(faults, fc.uint8Array({ maxLength: 300 }), async (options, bytes) => {
      const { client, server } = await pair(options);
      const sending = writeAll(client, bytes).then(() => client.closeWrite());
      assertEquals(await readToEnd(server), bytes);
      await sending;
      client.close();
      server.close();
    }),
    { numRuns: 50 },
  );
});

Deno.test("memoryNetwork() breaks connections in every way that a real one does", async (t) => {
  const cases: readonly {
    readonly name: string;
    readonly faults: MemoryNetworkOptions;
    readonly outcome: string;
  }[] = [
    { name: "reset", faults: { resetAfterBytes: 3 }, outcome: "DisconnectedError reset" },
    { name: "close", faults: { closeAfterBytes: 3 }, outcome: "end after 3" },
    { name: "half-close", faults: { halfCloseAfterBytes: 3 }, outcome: "end after 3" },
  ];
  for (const { name, faults, outcome } of cases) {
    await t.step(name, async () => {
      const { client, server } = await pair({ toClient: faults });
      const writing = writeAll(server, new Uint8Array(10)).catch(() => {});
      const result = await readToEnd(client).then(
        (bytes) => `end after ${bytes.length}`,
        (error) => `${error.name} ${error.kind}`,
      );
      assertEquals(result, outcome);
      client.close();
      server.close();
      await writing;
    });
  }
  await t.step("a stall: nothing arrives, not even the end", async () => {
    const { client, server } = await pair({ toClient: { stallAfterBytes: 3 } });
    const writing = writeAll(server, new Uint8Array(10)).catch(() => {});
    assertEquals(await client.read(new Uint8Array(10)), 3);
    const over = new AbortController();
    await assertRejects(
      () => readToEnd(client, { timeoutMs: 20, signal: over.signal }),
      Error,
      "not done within 0.02 s",
    );
    server.close();
    await writing;
  });
  await t.step("a half-close leaves the other direction open", async () => {
    const { client, server } = await pair();
    await client.closeWrite();
    assertEquals(await server.read(new Uint8Array(1)), null);
    await server.write(Uint8Array.of(7));
    const buffer = new Uint8Array(1);
    assertEquals([await client.read(buffer), buffer[0]], [1, 7]);
    const error = await client.write(buffer).catch((e) => toNetwrightError(e, {}));
    assertInstanceOf(error, DisconnectedError);
    assertEquals(error.kind, "broken pipe");
    client.close();
    server.close();
  });
});

Deno.test("memoryNetwork() refuses connections in every way that a real one does", async () => {
  const kind = async (options: MemoryNetworkOptions, hostname = "192.0.2.1") => {
    const error = await memoryNetwork(options).connect({ hostname, port: 7 }).catch((e) => e);
    assertInstanceOf(error, ConnectError);
    return error.kind;
  };
  assertEquals(await kind({}), "refused");
  assertEquals(await kind({ connecting: "refuse" }), "refused");
  assertEquals(await kind({ connecting: "unreachable" }), "unreachable");
  assertEquals(await kind({}, "nowhere.example"), "name not found");
  const gone = AbortSignal.abort(new Error("enough"));
  await assertRejects(
    () => memoryNetwork({ connecting: "black-hole" }).connect({ port: 7, signal: gone }),
    Error,
    "enough",
  );
});

Deno.test("memoryNetwork() passes time only when the test does", async () => {
  const clock = new TestClock();
  const { client, server } = await pair({ delayMs: 60_000, bytesPerSecond: 100, time: clock });
  await server.write(new Uint8Array(100));
  let arrived = 0;
  const reading = client.read(new Uint8Array(100)).then((count) => arrived = count ?? -1);
  await clock.advance(60_999);
  assertEquals(arrived, 0);
  await clock.advance(1);
  assertEquals(await reading, 100);
  assertEquals(clock.now(), 61_000);
  await assertRejects(() => clock.advance(-1), RangeError);
  client.close();
  server.close();
});

Deno.test("memoryNetwork() has one outcome for each seed", async () => {
  const datagrams = { loss: 0.2, duplication: 0.2, reordering: 0.2, jitterMs: 5 };
  const first = (await arrivals({ seed: 3, datagrams })).map((bytes) => bytes[0]);
  assertEquals((await arrivals({ seed: 3, datagrams })).map((bytes) => bytes[0]), first);
  assert((await arrivals({ seed: 4, datagrams })).map((bytes) => bytes[0]).join() !== first.join());
});

Deno.test("memoryNetwork() loses, doubles, reorders and cuts datagrams as configured", async (t) => {
  const numbers = async (datagrams: MemoryNetworkOptions["datagrams"]) =>
    (await arrivals({ datagrams: datagrams! })).map((bytes) => bytes[0]!);
  await t.step("none of it by default", async () => {
    assertEquals(await numbers({}), Array.from({ length: 200 }, (_, i) => i));
  });
  await t.step("loss", async () => {
    const got = await numbers({ loss: 0.5 });
    assert(got.length > 50 && got.length < 150, `${got.length}`);
    assertEquals(await numbers({ loss: 1 }), []);
  });
  await t.step("duplication", async () => {
    assertEquals((await numbers({ duplication: 1 })).length, 400);
  });
  await t.step("reordering", async () => {
    const got = await numbers({ reordering: 0.1, delayMs: 1 });
    assertEquals(got.length, 200);
    assertEquals([...got].sort((a, b) => a - b), Array.from({ length: 200 }, (_, i) => i));
    assert(got.some((n, i) => i > 0 && n < got[i - 1]!));
  });
  await t.step("truncation", async () => {
    const got = await arrivals({ datagrams: { truncation: 0.5 } });
    assertEquals(got.length, 200);
    assert(got.some((bytes) => bytes.length < 4) && got.some((bytes) => bytes.length === 4));
  });
});

async function received(socket: DatagramConnection): Promise<string> {
  const [bytes, from] = await socket.receive();
  return `${new TextDecoder().decode(bytes)} from ${(from as Deno.NetAddr).port}`;
}

Deno.test("memoryNetwork() has multicast groups", async () => {
  const network = memoryNetwork();
  const group = { transport: "udp", hostname: "224.225.226.227", port: 2070 } as const;
  const [one, two, deaf] = [1, 2, 3].map(() => udp(network, 2070, "0.0.0.0", true)) as [
    DatagramConnection,
    DatagramConnection,
    DatagramConnection,
  ];
  assertThrows(() => udp(network, 2070, "0.0.0.0"), ConnectError, "in use");
  await one.joinMulticastV4(group.hostname, "0.0.0.0");
  const membership = await two.joinMulticastV4(group.hostname, "0.0.0.0");
  const sender = udp(network, 5000);
  await sender.send(new TextEncoder().encode("to all"), group);
  assertEquals([await received(one), await received(two)], [
    "to all from 5000",
    "to all from 5000",
  ]);
  // Without loopback it does not receive itself, the other does.
  await membership.setLoopback(false);
  await two.send(new TextEncoder().encode("from two"), group);
  assertEquals(await received(one), "from two from 2070");
  await membership.leave();
  await sender.send(new TextEncoder().encode("late"), group);
  assertEquals(await received(one), "late from 5000");
  const waiting = [two, deaf].map((socket) => assertRejects(() => socket.receive(), Error));
  for (const socket of [one, two, deaf, sender]) socket.close();
  await Promise.all(waiting);
});

Deno.test("memoryNetwork() has broadcast and UNIX names", async () => {
  const network = memoryNetwork();
  const [a, b] = [udp(network, 2025, "0.0.0.0", true), udp(network, 2025, "0.0.0.0", true)];
  const sender = udp(network, 5000);
  await sender.send(new TextEncoder().encode("hello"), {
    transport: "udp",
    hostname: "255.255.255.255",
    port: 2025,
  });
  assertEquals([await received(a), await received(b)], ["hello from 5000", "hello from 5000"]);
  for (const socket of [a, b, sender]) socket.close();

  const unix = (path: string) => network.listenDatagram({ transport: "unixpacket", path });
  const [x, y] = [unix("/tmp/x"), unix("/tmp/y")];
  await x.send(Uint8Array.of(1), y.addr);
  assertEquals((await y.receive())[1], { transport: "unixpacket", path: "/tmp/x" } as Address);
  x.close();
  y.close();

  using listener = network.listen({ transport: "unix", path: "/tmp/sock" });
  assertThrows(() => network.listen({ transport: "unix", path: "/tmp/sock" }), ConnectError);
  const accepted = listener.accept();
  using client = await network.connect({ transport: "unix", path: "/tmp/sock" });
  using server = await accepted;
  await writeAll(server, new TextEncoder().encode("hi\n"));
  assertEquals(await new LineReader(client).readLine(), "hi");
  await assertRejects(
    () => network.connect({ transport: "unix", path: "/tmp/none" }),
    ConnectError,
    "refused",
  );
});
