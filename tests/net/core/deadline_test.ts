import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import {
  askDatagram,
  Deadline,
  dial,
  LineReader,
  LineWriter,
  memoryNetwork,
  readToEnd,
  secure,
  TimeoutError,
} from "../../../src/net/mod.ts";

const never = (): Promise<never> => new Promise(() => {});
const ignore = (): void => {};

Deno.test("Deadline ends a wait at the deadline, after a silence, or with the signal's reason", async () => {
  using late = new Deadline({ timeoutMs: 20 }, { operation: "wait", peer: "host" });
  let gaveUp = 0;
  const error = await late.wait(never(), () => gaveUp++).catch((error) => error);
  assertInstanceOf(error, TimeoutError);
  assertEquals([error.message, gaveUp], ["Cannot wait: host: not done within 0.02 s", 1]);
  assertEquals(late.remainingMs, 0);
  assertThrows(() => late.throwIfExpired(), TimeoutError);
  // Once over, it stays over.
  await assertRejects(() => late.wait(never(), ignore), TimeoutError);

  using silent = new Deadline({ idleTimeoutMs: 20, timeoutMs: 10_000 });
  await assertRejects(() => silent.wait(never(), ignore), TimeoutError, "no answer for 0.02 s");
  assertEquals(await silent.wait(Promise.resolve(7), ignore), 7);

  const controller = new AbortController();
  using aborted = new Deadline({ signal: controller.signal });
  const waits = [1, 2].map(() => aborted.wait(never(), () => gaveUp++).catch((error) => error));
  controller.abort("enough");
  assertEquals([await Promise.all(waits), gaveUp], [["enough", "enough"], 3]);
  assertEquals(await aborted.wait(never(), () => gaveUp++).catch((e) => e), "enough");
  assertEquals([aborted.signal.aborted, aborted.signal.reason, gaveUp], [true, "enough", 4]);
  assertThrows(
    () => {
      try {
        aborted.throwIfExpired();
      } catch (reason) {
        throw new RangeError(String(reason));
      }
    },
    RangeError,
    "enough",
  );
});

Deno.test("Deadline has a signal for calls that take one", async () => {
  using deadline = new Deadline({ timeoutMs: 20 }, { operation: "connect" });
  const { signal } = deadline;
  assertEquals(signal, deadline.signal);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  assertInstanceOf(signal.reason, TimeoutError);
});

Deno.test("Deadline gives each wait its own silence", async () => {
  using deadline = new Deadline({ idleTimeoutMs: 60 });
  const start = performance.now();
  // Together longer than the longest silence, each shorter.
  for (let i = 0; i < 5; i++) {
    await deadline.wait(new Promise((resolve) => setTimeout(resolve, 25)), ignore);
  }
  assert(performance.now() - start > 60);
  const first = deadline.wait(never(), ignore).catch(() => performance.now());
  await new Promise((resolve) => setTimeout(resolve, 30));
  const second = deadline.wait(never(), ignore).catch(() => performance.now());
  const gap = await second - await first;
  assert(gap > 15, `${gap}`);
});

Deno.test("Deadline leaves no timer and no listener behind, however many waits there were", async () => {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
  signal.removeEventListener = (
    ...args: Parameters<typeof remove>
  ) => (listeners--, remove(...args));
  let most = 0;
  {
    using deadline = new Deadline({ signal, idleTimeoutMs: 1000 });
    for (let i = 0; i < 1000; i++) {
      await deadline.wait(Promise.resolve(i), ignore);
      most = Math.max(most, listeners);
    }
  }
  // The test runner would report a timer that is left.
  assertEquals([most, listeners], [1, 0]);
});

Deno.test("Deadline refuses times that are none", () => {
  for (const bad of [0, -1, NaN]) {
    assertThrows(() => new Deadline({ timeoutMs: bad }), RangeError);
    assertThrows(() => new Deadline({ idleTimeoutMs: bad }), RangeError);
  }
  assertEquals(new Deadline({ timeoutMs: Infinity }).remainingMs, Infinity);
});

Deno.test("every wait of the ground floor ends in time, and with the signal's own reason", async (t) => {
  const silent = memoryNetwork({ connecting: "black-hole" });
  const stalled = memoryNetwork({ stallAfterBytes: 0, bufferBytes: 1 });
  const connected = async () => {
    using listener = stalled.listen({ port: 1 });
    const accepted = listener.accept();
    const client = await stalled.connect({ port: 1 });
    return { client, server: await accepted };
  };
  const waits: readonly [
    name: string,
    wait: (options: { timeoutMs?: number; signal?: AbortSignal }) => Promise<unknown>,
  ][] = [
    [
      "dial()",
      (options) =>
        dial({ transport: "tcp", hostname: "192.0.2.1", port: 1 }, { network: silent, ...options }),
    ],
    ["readToEnd()", async (options) => readToEnd((await connected()).client, options)],
    ["LineReader", async (options) => {
      using deadline = new Deadline(options);
      return await new LineReader((await connected()).client, { deadline }).readLine();
    }],
    ["LineWriter", async (options) => {
      using deadline = new Deadline(options);
      const writer = new LineWriter((await connected()).client, { deadline });
      for (let i = 0; i < 3; i++) await writer.writeLine("x");
    }],
    [
      "secure()",
      async (options) =>
        secure((await connected()).client, { role: "client", hostname: "localhost", ...options }),
    ],
    [
      "askDatagram()",
      (options) =>
        askDatagram(
          { transport: "udp", hostname: "127.0.0.1", port: 9 },
          new Uint8Array(1),
          { network: memoryNetwork(), ...options },
        ),
    ],
  ];
  for (const [name, wait] of waits) {
    await t.step(`${name}: in time`, async () => {
      await assertRejects(() => wait({ timeoutMs: 20 }), TimeoutError);
    });
    await t.step(`${name}: aborted before and meanwhile`, async () => {
      assertEquals(await wait({ signal: AbortSignal.abort("before") }).catch((e) => e), "before");
      const controller = new AbortController();
      const waiting = wait({ signal: controller.signal }).catch((error) => error);
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort("meanwhile");
      assertEquals(await waiting, "meanwhile");
    });
  }
});
