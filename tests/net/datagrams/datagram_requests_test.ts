/** Requests in datagrams over a network that loses, doubles, delays and cuts them. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  DatagramRequests,
  type DatagramRequestsOptions,
  RoundTrip,
} from "../../../src/net/internal.ts";
import {
  type Address,
  LimitError,
  memoryNetwork,
  type Network,
  TestClock,
  TimeoutError,
} from "../../../src/net/mod.ts";
import { serveDatagrams } from "../../../src/servers/mod.ts";

const decoder = new TextDecoder();
const numbered = (text: string) => (id: number): Uint8Array =>
  new TextEncoder().encode(`${id}: ${text}`);
const idOf = (answer: Uint8Array): number | undefined => {
  const digits = /^(\d+): /.exec(decoder.decode(answer))?.[1];
  return digits === undefined ? undefined : Number(digits);
};

function echoAt(network: Network, hostname = "127.0.0.1") {
  const echo = { name: "echo", reply: (message: Uint8Array) => message };
  return serveDatagrams(echo, { network, endpoint: { transport: "udp", hostname, port: 0 } });
}

/** Lets time pass until something is done. */
async function passing<T>(clock: TestClock, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = promise.finally(() => isDone = true);
  done.catch(() => {});
  while (!isDone) await clock.advance(50);
  return await done;
}

async function one(
  options: Partial<DatagramRequestsOptions>,
  act: (requests: DatagramRequests, network: Network, clock: TestClock) => Promise<void>,
): Promise<void> {
  const clock = new TestClock();
  const network = memoryNetwork({ time: clock });
  using requests = new DatagramRequests(network, { idOf, clock, ...options });
  await act(requests, network, clock);
}

Deno.test("a silent host is asked again, each time later, and then reported", async () => {
  await one({ tries: 4, initialMs: 1000 }, async (requests, network, clock) => {
    const silent = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const times: number[] = [];
    const receiving = (async () => {
      for (let n = 0; n < 4; n++) {
        await silent.receive();
        times.push(Math.round(clock.now()));
      }
    })();
    const asking = requests.request(silent.addr, numbered("x"));
    const error = await assertRejects(() => passing(clock, asking), TimeoutError);
    assertEquals(error.reason, "no answer to 4 datagrams");
    await receiving;
    assertEquals(times, [0, 1000, 3000, 7000]);
    assertEquals(clock.now() >= 15_000 && clock.now() < 15_100, true);
    const { sent, resent, unanswered } = requests.statistics;
    assertEquals([sent, resent, unanswered], [4, 3, 1]);
    // A late reply is distinguished from a duplicate.
    await silent.send(numbered("x")(1), requests.addr);
    await clock.advance(1);
    assertEquals(requests.statistics.late, 1);
    silent.close();
  });
});

Deno.test("unrelated datagrams are counted, and answer nothing", async () => {
  await one(
    { maxBytes: 20, isWhole: (answer) => answer.at(-1) !== 33 },
    async (requests, network, clock) => {
      const [peer, other] = [0, 1].map(() =>
        network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 })
      );
      const asking = requests.request(peer!.addr, numbered("x"));
      const bytes = (text: string) => new TextEncoder().encode(text);
      await peer!.receive();
      await other!.send(bytes("1: from someone else"), requests.addr);
      await peer!.send(bytes("nothing"), requests.addr);
      await peer!.send(bytes("7: never asked"), requests.addr);
      await peer!.send(bytes("1: cut!"), requests.addr);
      await peer!.send(bytes("1: larger than is wanted"), requests.addr);
      await clock.advance(1);
      await peer!.send(bytes("1: right"), requests.addr);
      await peer!.send(bytes("1: right"), requests.addr);
      const { bytes: answer, tries } = await passing(clock, asking);
      assertEquals([decoder.decode(answer), tries], ["1: right", 1]);
      await clock.advance(1);
      const { received, answered, duplicates, damaged, unknown } = requests.statistics;
      assertEquals([received, answered, duplicates, damaged, unknown], [7, 1, 1, 2, 3]);
      peer!.close();
      other!.close();
    },
  );
});

Deno.test("many hosts share one socket, and none delays another", async () => {
  await one({}, async (requests, network, clock) => {
    const servers = Array.from({ length: 20 }, (_, n) => echoAt(network, `127.0.0.${n + 1}`));
    const texts = await passing(
      clock,
      Promise.all(servers.map(async ({ endpoint }, n) => {
        const { bytes } = await requests.request(endpoint as Address, numbered(`to ${n}`));
        return decoder.decode(bytes);
      })),
    );
    assertEquals(texts, servers.map((_, n) => `${n + 1}: to ${n}`));
    assertEquals(requests.statistics.received, 20);
    for (const server of servers) await server.shutdown(0);
  });
});

Deno.test("a request ends with its signal, its socket, or before it begins", async () => {
  await one({ maxPending: 1 }, async (requests, network) => {
    const silent = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const stop = new AbortController();
    const first = requests.request(silent.addr, numbered("x"), { signal: stop.signal });
    await assertRejects(() => requests.request(silent.addr, numbered("y")), LimitError);
    stop.abort(new RangeError("enough"));
    await assertRejects(() => first, RangeError, "enough");
    const second = requests.request(silent.addr, numbered("z"));
    requests[Symbol.dispose]();
    await assertRejects(() => second, Deno.errors.Interrupted);
    await assertRejects(() => requests.request(silent.addr, numbered("z")), TypeError, "closed");
    assertEquals([requests.statistics.failed, requests.pending], [2, 0]);
    silent.close();
  });
});

Deno.test("RoundTrip computes what RFC 6298 says", () => {
  const trip = new RoundTrip({ minMs: 1 });
  assertEquals(trip.timeoutMs, 1000);
  // (2.2) SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR.
  trip.sample(100);
  assertEquals([trip.smoothedMs, trip.timeoutMs], [100, 300]);
  // (2.3) RTTVAR = 3/4 · 50 + 1/4 · 100 = 62.5, SRTT = 7/8 · 100 + 1/8 · 200 = 112.5.
  trip.sample(200);
  assertEquals([trip.smoothedMs, trip.timeoutMs], [112.5, 362.5]);
  trip.backOff();
  assertEquals(trip.timeoutMs, 725);
  for (let n = 0; n < 20; n++) trip.backOff();
  assertEquals(trip.timeoutMs, 60_000);
  trip.sample(100);
  assert(trip.timeoutMs < 400);
  const steady = new RoundTrip();
  for (let n = 0; n < 50; n++) steady.sample(1);
  assertEquals(steady.timeoutMs, 100);
});
