/** Orders for sockets and processes that the launcher refuses. */

import { assertEquals, assertRejects } from "@std/assert";
import { NO_BROKER } from "../../../src/cli/command/broker.ts";
import { LauncherBroker } from "../../../src/cli/sandbox/launcher_broker.ts";
import { CapabilityError, parseEndpoint, UsageError } from "../../../src/net/mod.ts";
import { parseOrder } from "../../../src/servers/internal.ts";
import type { WorkerOrder } from "../../../src/servers/mod.ts";

const ENDPOINT = parseEndpoint("127.0.0.1:0");
const ORDER: WorkerOrder = { service: "echo", configuration: {}, source: { kind: "shared" } };

function makeBroker(): LauncherBroker {
  return new LauncherBroker({
    ...NO_BROKER,
    listen: ["127.0.0.1:0"],
    services: ["echo", "http"],
  });
}

Deno.test("the launcher listens only where it was declared", async () => {
  using broker = makeBroker();
  using socket = await broker.listen(ENDPOINT);
  assertEquals(socket.address.transport, "tcp");
  for (const other of ["127.0.0.1:1", "0.0.0.0:0", "[::1]:0"]) {
    await assertRejects(() => broker.listen(parseEndpoint(other)), CapabilityError);
  }
});

Deno.test("the launcher starts no process but those that were declared", async () => {
  using broker = makeBroker();
  using socket = await broker.listen(ENDPOINT);
  const start = (order: unknown, from: unknown): Promise<unknown> =>
    broker.startProcess(order as WorkerOrder, from as typeof socket, () => {});
  await assertRejects(() => start({ ...ORDER, service: "daytime" }, socket), CapabilityError);
  // It would read the current folder.
  const http = { ...ORDER, service: "http" };
  const site = { root: "." };
  await assertRejects(() => start({ ...http, configuration: site }, socket), CapabilityError);
  // A service's own words are nothing that a sandbox could not have written.
  for (const configuration of [{}, { root: 1 }, { root: ["/"] }, { root: { length: 1 } }]) {
    await assertRejects(() => start({ ...http, configuration }, socket), UsageError, "malformed");
  }
  // It would listen elsewhere.
  const own = { kind: "own", endpoint: "127.0.0.1:1" };
  await assertRejects(() => start({ ...ORDER, source: own }, undefined), CapabilityError);
  await assertRejects(
    () => start({ ...ORDER, source: { kind: "connection" } }, socket),
    UsageError,
  );
  await assertRejects(() => start(ORDER, undefined), UsageError);
  await assertRejects(() => start(ORDER, { address: socket.address }), UsageError);
  using other = makeBroker();
  using foreign = await other.listen(ENDPOINT);
  await assertRejects(() => start(ORDER, foreign), UsageError);
  await assertRejects(() => start("echo", socket), UsageError);
  socket[Symbol.dispose]();
  await assertRejects(() => start(ORDER, socket), UsageError);
});

Deno.test("parseOrder() accepts well-formed orders only", () => {
  const address = { transport: "tcp", hostname: "::1", port: 1 };
  const connection = { kind: "connection", remote: address, local: address };
  for (
    const good of [
      { ...ORDER, configuration: { root: "/a", lines: 7 }, connections: 1, retireAfter: 50 },
      { ...ORDER, source: connection, tls: { cert: "a", key: "b" } },
      { ...ORDER, source: { kind: "own", endpoint: "[::1]:7" } },
      { ...ORDER, source: { kind: "shared", descriptor: 7 } },
    ]
  ) assertEquals(parseOrder(good) as unknown, good);
  const bad: unknown[] = [
    undefined,
    "echo",
    [],
    {},
    { ...ORDER, service: 1 },
    { ...ORDER, configuration: [] },
    { ...ORDER, configuration: "echo" },
    { ...ORDER, configuration: undefined },
    { ...ORDER, connections: 0 },
    { ...ORDER, connections: "1" },
    { ...ORDER, idleTimeoutMs: NaN },
    { ...ORDER, tls: { cert: "a" } },
    { ...ORDER, source: undefined },
    { ...ORDER, source: { kind: "other" } },
    { ...ORDER, source: { kind: "shared", descriptor: 1.5 } },
    { ...ORDER, source: { kind: "own", endpoint: "nowhere" } },
    { ...ORDER, source: { ...connection, remote: { transport: "tcp", hostname: "::1" } } },
  ];
  for (const data of bad) assertEquals(parseOrder(data), undefined, JSON.stringify(data));
  const endless = parseOrder({ ...ORDER, idleTimeoutMs: Infinity });
  assertEquals(endless, ORDER);
});
