import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityError,
  type Connection,
  type Endpoint,
  memoryNetwork,
  parseEndpoint,
  systemNetwork,
  UnsupportedError,
  writeAll,
} from "../../src/net/mod.ts";
import { type ExchangePlan, openLatencies, runLoad, sumUp } from "../../src/programs/bench/mod.ts";
import { serveMultiplex } from "../../src/servers/mod.ts";
import { streamService } from "../../src/services/mod.ts";

const ECHO: ExchangePlan = { kind: "echo", bytes: 64 };
const http = (target: string, keepAlive = true): ExchangePlan => ({
  kind: "http",
  host: "test",
  target,
  keepAlive,
});

async function service(name: string, options: Record<string, string> = {}) {
  return await streamService(name, options);
}

const plan = (endpoint: Endpoint, exchange: ExchangePlan, connections = 3) => ({
  endpoint,
  exchange,
  connections,
  timeoutMs: 5000,
});

for (
  const [where, network] of [["memory", memoryNetwork()], ["sockets", systemNetwork()]] as const
) {
  Deno.test(`runLoad() sends the given number of requests, on as many connections (${where})`, async () => {
    const endpoint = parseEndpoint("127.0.0.1:0");
    await using server = serveMultiplex(await service("echo"), { network, endpoint });
    const counts = await runLoad(network, { ...plan(server.endpoint, ECHO), requests: 100 });
    const { requests, errors, bytes, opened, latencyMs } = await sumUp([counts, counts]);
    assertEquals([requests, errors, bytes, opened], [200, {}, 12_800, 6]);
    assert(latencyMs.p50 > 0 && latencyMs.p50 <= latencyMs.p99 && latencyMs.p99 <= latencyMs.max);
    assertEquals(server.status().accepted, 3);
  });
}

Deno.test("runLoad() of http: keep-alive or not, and faults are reported by their status", async () => {
  const network = systemNetwork();
  const root = new URL("../support", import.meta.url).pathname;
  const endpoint = parseEndpoint("127.0.0.1:0");
  await using server = serveMultiplex(await service("http", { root }), { network, endpoint });
  const size = (await Deno.stat(`${root}/bytes.ts`)).size;
  for (
    const [exchange, opened, good] of [
      [http("/bytes.ts"), 3, 30],
      [http("/bytes.ts", false), 30, 30],
      [http("/nothing"), 3, 0],
    ] as const
  ) {
    const { ms: _, latencies: __, ...rest } = await runLoad(network, {
      ...plan(server.endpoint, exchange),
      requests: 30,
    });
    const errors = good === 0 ? { "status 404": 30 } : {};
    assertEquals({ ...rest, bytes: good && rest.bytes }, {
      requests: good,
      errors,
      bytes: good * size,
      opened,
    });
  }
});

Deno.test("runLoad() counts failures, and stops without a permission", async () => {
  const network = systemNetwork();
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const endpoint = parseEndpoint(`127.0.0.1:${port}`);
  const closing = (async () => {
    for (let i = 0; i < 5; i++) (await listener.accept()).close();
    listener.close();
  })();
  const counts = await runLoad(network, { ...plan(endpoint, ECHO, 1), requests: 8 });
  await closing;
  assertEquals([counts.requests, counts.opened], [0, 5]);
  assertEquals(Object.values(counts.errors).reduce((a, b) => a + b), 8);
  assertEquals(counts.errors["connection refused"], 3);
  const nowhere = systemNetwork({ net: [] });
  await assertRejects(
    () => runLoad(nowhere, { ...plan(endpoint, ECHO), requests: 8 }),
    CapabilityError,
  );
  const datagrams = parseEndpoint("127.0.0.1:9", { transport: "udp" });
  await assertRejects(
    () => runLoad(network, { ...plan(datagrams, ECHO), durationMs: 60_000 }),
    UnsupportedError,
  );
});

Deno.test("runLoad() keeps a rate, ends at its time and at the signal", async () => {
  const network = systemNetwork();
  const endpoint = parseEndpoint("127.0.0.1:0");
  await using server = serveMultiplex(await service("echo"), { network, endpoint });
  const slow = await runLoad(network, {
    ...plan(server.endpoint, ECHO),
    rate: 200,
    durationMs: 300,
    warmUpMs: 100,
  });
  assert(slow.requests > 20 && slow.requests <= 62, `${slow.requests} requests`);
  assert(slow.ms >= 295 && slow.ms < 2000, `${slow.ms} ms`);
  const controller = new AbortController();
  const running = runLoad(network, plan(server.endpoint, ECHO), controller.signal);
  setTimeout(() => controller.abort(), 50);
  assert((await running).requests > 0);
});

Deno.test("a rate counts from when a round trip should have begun", async () => {
  const network = systemNetwork();
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const serving = (async () => {
    using client = await listener.accept();
    const buffer = new Uint8Array(64);
    for (let i = 0;; i++) {
      const count = await client.read(buffer);
      if (count === null) return;
      // One stall of 100 ms: with a rate of 1000 a hundred round trips have to wait, not one.
      if (i === 5) await new Promise((resolve) => setTimeout(resolve, 100));
      await client.write(buffer.subarray(0, count));
    }
  })();
  const counts = await runLoad(network, {
    ...plan(parseEndpoint(`127.0.0.1:${port}`), ECHO, 1),
    rate: 1000,
    requests: 150,
  });
  await serving;
  listener.close();
  const { latencyMs } = await sumUp([counts]);
  assert(latencyMs.p50 > 10, `half were answered within ${latencyMs.p50} ms`);
});

Deno.test("latencies: percentiles to three digits, over nine orders of magnitude", async () => {
  const latencies = await openLatencies();
  for (let i = 1; i <= 10_000; i++) latencies.record(i / 100);
  latencies.record(1e9);
  const { p50, p99, max } = latencies.summary();
  assert(Math.abs(p50 - 50) < 0.1 && Math.abs(p99 - 99) < 0.2);
  assert(max >= 3_600_000);
});

Deno.test("an unanswered request at the end is a failure", async () => {
  const network = memoryNetwork();
  const endpoint = parseEndpoint("127.0.0.1:0");
  let answers = 0;
  const hanging = {
    name: "hanging",
    async handle(connection: Connection): Promise<void> {
      const buffer = new Uint8Array(64);
      for (let read; (read = await connection.read(buffer)) !== null;) {
        if (answers++ < 50) await writeAll(connection, buffer.subarray(0, read));
      }
    },
  };
  await using server = serveMultiplex(hanging, { network, endpoint });
  const { requests, errors } = await runLoad(network, {
    ...plan(server.endpoint, ECHO, 5),
    durationMs: 100,
    timeoutMs: 300,
  });
  assertEquals(requests, 50);
  assertEquals(Object.values(errors), [5], JSON.stringify(errors));
});
