/** The client of syslog on the network in memory, with faults. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  type Connection,
  DisconnectedError,
  LimitError,
  memoryNetwork,
  UnsupportedError,
  UsageError,
} from "../../../src/net/mod.ts";
import {
  parseSyslog,
  parseSyslogTarget,
  SyslogClient,
  SyslogFramer,
  SyslogQueue,
} from "../../../src/protocols/syslog/mod.ts";

const MESSAGE = { facility: 16, severity: 6, hostname: "a", appName: "demo", text: "hello" };

Deno.test("collectors: addresses, ports, and what is none", () => {
  const rows:
    readonly (readonly [text: string, transport: string, place: string | number, tls: boolean])[] =
      [
        ["unix:/dev/log", "unixpacket", "/dev/log", false],
        ["syslog:unix:/dev/log", "unixpacket", "/dev/log", false],
        ["unix+stream:/run/log", "unix", "/run/log", false],
        ["udp://a.example", "udp", 514, false],
        ["syslog+udp://a.example:1514", "udp", 1514, false],
        ["tcp://a.example", "tcp", 601, false],
        ["syslog+tls://[::1]:7", "tcp", 7, true],
        ["tls://a.example", "tcp", 6514, true],
      ];
  for (const [text, transport, place, tls] of rows) {
    const parsed = parseSyslogTarget(text);
    const { endpoint } = parsed;
    assertEquals(
      [endpoint.transport, "path" in endpoint ? endpoint.path : endpoint.port, parsed.tls],
      [transport, place, tls],
      text,
    );
  }
  for (
    const text of [
      "",
      "a.example",
      "http://a",
      "unix:",
      "unix:log",
      "udp://",
      "tcp://a:0",
      "tls://u@a",
      "udp://a/x",
    ]
  ) {
    let failure: unknown;
    try {
      parseSyslogTarget(text);
    } catch (error) {
      failure = error;
    }
    assertEquals(failure instanceof UsageError, true, text);
  }
});

Deno.test("datagrams: each message one, a name is looked up once", async () => {
  const network = memoryNetwork({ records: { "logs.example": { A: ["127.0.0.1"] } } });
  const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 514 });
  await using client = await SyslogClient.connect("udp://logs.example", { network });
  await client.send(MESSAGE, { ...MESSAGE, text: "again" });
  const texts = [await socket.receive(), await socket.receive()].map(([bytes]) =>
    parseSyslog(bytes).text
  );
  assertEquals(texts, ["hello", "again"]);
  socket.close();
});

Deno.test("a UNIX socket for datagrams needs a file of our own", async () => {
  const network = memoryNetwork();
  await assertRejects(
    () => SyslogClient.connect("unix:/dev/log", { network }),
    UnsupportedError,
    "a socket file of our own",
  );
  const socket = network.listenDatagram({ transport: "unixpacket", path: "/dev/log" });
  const local = { transport: "unixpacket", path: "/tmp/own" } as const;
  const client = await SyslogClient.connect("unix:/dev/log", { network, local, format: "rfc3164" });
  await client.send({ ...MESSAGE, hostname: undefined });
  const [bytes] = await socket.receive();
  assertMatch(
    new TextDecoder().decode(bytes),
    /^<134>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d demo: hello$/,
  );
  await client[Symbol.asyncDispose]();
  socket.close();
});

Deno.test("streams: counted or ended by LF, in order, and everything arrives before the end", async () => {
  for (const framing of ["octets", "lines"] as const) {
    const network = memoryNetwork();
    using listener = network.listen({ hostname: "127.0.0.1", port: 601 });
    const accepted = listener.accept();
    const client = await SyslogClient.connect("tcp://127.0.0.1", { network, framing });
    const sent = [1, 2, 3].map((number) => client.send({ ...MESSAGE, text: `line ${number}\nx` }));
    const ended = client[Symbol.asyncDispose]();
    using connection = await accepted;
    const framer = new SyslogFramer();
    const texts: string[] = [];
    const buffer = new Uint8Array(7);
    for (let count; (count = await connection.read(buffer)) !== null;) {
      const found = framer.push(buffer.subarray(0, count));
      texts.push(...found.map(({ bytes }) => parseSyslog(bytes).text));
    }
    assertEquals(texts, ["line 1#012x", "line 2#012x", "line 3#012x"], framing);
    await Promise.all([...sent, ended]);
  }
});

Deno.test("a message that is too long is refused whole, and the connection stays", async () => {
  const network = memoryNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 601 });
  const accepted = listener.accept();
  await using client = await SyslogClient.connect("tcp://127.0.0.1", { network, maxBytes: 60 });
  using connection = await accepted;
  await assertRejects(
    () => client.send(MESSAGE, { ...MESSAGE, text: "x".repeat(60) }),
    LimitError,
    "more than 60",
  );
  await client.send(MESSAGE);
  const buffer = new Uint8Array(100);
  const count = await connection.read(buffer);
  assertMatch(
    new TextDecoder().decode(buffer.subarray(0, count!)),
    /^27 <134>1 - a demo - - - hello$/,
  );
});

Deno.test("a collector that closes the connection is noticed at the next message", async () => {
  const network = memoryNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 601 });
  const accepted = listener.accept();
  await using client = await SyslogClient.connect("tcp://127.0.0.1", { network });
  const connection = await accepted;
  await client.send(MESSAGE);
  connection.close();
  await new Promise((resolve) => setTimeout(resolve, 0));
  await assertRejects(() => client.send(MESSAGE), DisconnectedError);
  await assertRejects(() => client.send(MESSAGE), DisconnectedError, "closed the connection");
});

Deno.test("a collector that reads nothing costs the time that was given, and no more", async () => {
  const network = memoryNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 601 });
  const accepted = listener.accept();
  await using client = await SyslogClient.connect("tcp://127.0.0.1", { network, timeoutMs: 30 });
  using _connection = await accepted;
  const big = { ...MESSAGE, text: "x".repeat(8000) };
  await assertRejects(
    async () => {
      for (let sent = 0; sent < 10_000; sent++) await client.send(big);
    },
    Error,
    "0.03 s",
  );
});

Deno.test("a message is cut off between characters", async () => {
  const network = memoryNetwork();
  const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 514 });
  const options = { network, whenTooLong: "cut" } as const;
  for (const maxBytes of [40, 41, 42, 43]) {
    await using client = await SyslogClient.connect("udp://127.0.0.1", { ...options, maxBytes });
    await client.send({ ...MESSAGE, text: "ü€😀".repeat(10) });
    const [bytes] = await socket.receive();
    assert(bytes.length <= maxBytes && bytes.length > maxBytes - 4, `${bytes.length}`);
    assert(!new TextDecoder().decode(bytes).includes("\ufffd"));
  }
  socket.close();
});

Deno.test("a queue never waits: what came while the collector was away arrives later, and the loss is told", async () => {
  const network = memoryNetwork();
  const failures: unknown[] = [];
  const away = Promise.withResolvers<void>();
  const queue = new SyslogQueue({
    connect: () => SyslogClient.connect("tcp://127.0.0.1", { network, maxBytes: 1000 }),
    maxWaiting: 5,
    retryMs: 1,
    onFailure: (error) => {
      failures.push(error);
      away.resolve();
    },
  });
  for (let number = 0; number < 4; number++) queue.add({ ...MESSAGE, text: `${number}` });
  queue.add({ ...MESSAGE, text: "x".repeat(2000) });
  for (let number = 5; number < 8; number++) queue.add({ ...MESSAGE, text: `${number}` });
  await away.promise;
  using listener = network.listen({ hostname: "127.0.0.1", port: 601 });
  using connection = await listener.accept();
  const texts = await received(connection, 5);
  assertEquals(texts.filter((text) => text.length === 1), ["0", "1", "2", "3"]);
  assertEquals(texts.filter((text) => text.length > 1), [
    "3 messages were lost",
  ]);
  assertEquals(failures.length, 1);
  // The loss of the message that is too long is told with the next one.
  queue.add({ ...MESSAGE, text: "next" });
  assertEquals(await received(connection, 2), [
    "next",
    "1 message was lost",
  ]);
  connection.close();
  queue.add({ ...MESSAGE, text: "again" });
  using second = await listener.accept();
  assertEquals(await received(second, 1), ["again"]);
  await queue.close(1000);
  assertEquals(failures.length, 2);
});

Deno.test("the end of a queue waits as long as it was told, also for nobody", async () => {
  const network = memoryNetwork();
  const queue = new SyslogQueue({
    connect: () => SyslogClient.connect("tcp://127.0.0.1", { network }),
    retryMs: 100_000,
  });
  queue.add(MESSAGE);
  await queue.close(5);
  assertEquals(queue.waiting, 1);
});

async function received(connection: Connection, count: number): Promise<string[]> {
  const framer = new SyslogFramer();
  const texts: string[] = [];
  const buffer = new Uint8Array(1000);
  while (texts.length < count) {
    const got = await connection.read(buffer);
    if (got === null) break;
    texts.push(
      ...framer.push(buffer.subarray(0, got)).map(({ bytes }) => parseSyslog(bytes).text),
    );
  }
  return texts;
}
