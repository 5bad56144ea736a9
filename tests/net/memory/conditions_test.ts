import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  ConnectError,
  dial,
  DisconnectedError,
  LineReader,
  LineWriter,
  type NetwrightError,
  parseEndpoint,
  readToEnd,
  SOCKET_OPTIONS,
  type SocketOptionName,
  socketOptions,
  type SocketOptionTypes,
  systemNetwork,
  TimeoutError,
  UnsupportedError,
  writeAll,
} from "../../../src/net/mod.ts";
import { SystemSocket } from "../../../src/os/internal.ts";

const network = systemNetwork();

async function pair(): Promise<{ client: Deno.TcpConn; server: Deno.TcpConn; port: number }> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  return { client, server: await accepted, port: listener.addr.port };
}

/** A port on which no one listens. */
function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A listener with no room in its queue, which the runtime does not make. */
async function fullListener(): Promise<AsyncDisposable & { readonly port: number }> {
  const script = `use Socket; $| = 1; socket(S, PF_INET, SOCK_STREAM, 0) or die;
bind(S, sockaddr_in(0, INADDR_LOOPBACK)) or die; listen(S, 0) or die;
print((sockaddr_in(getsockname(S)))[0], "\\n"); <STDIN>;`;
  const child = new Deno.Command("perl", { args: ["-e", script], stdin: "piped", stdout: "piped" })
    .spawn();
  const output = child.stdout.getReader();
  const { value } = await output.read();
  return {
    port: Number(new TextDecoder().decode(value)),
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await output.cancel();
      await child.status;
    },
  };
}

async function fails<E extends NetwrightError>(
  promise: Promise<unknown>,
  // deno-lint-ignore no-explicit-any
  error: abstract new (...args: any[]) => E,
): Promise<E> {
  const caught = await promise.then(() => new Error("it did not fail"), (error) => error);
  assertInstanceOf(caught, error);
  assert(caught.operation !== undefined && caught.peer !== undefined, caught.message);
  return caught;
}

Deno.test("each exceptional condition of a real socket is one typed error", async (t) => {
  await t.step("refused", async () => {
    const port = closedPort();
    const error = await fails(
      dial(parseEndpoint(`127.0.0.1:${port}`), { network }),
      ConnectError,
    );
    assertEquals([error.kind, error.operation, error.peer], [
      "refused",
      "connect",
      `127.0.0.1:${port}`,
    ]);
  });
  await t.step("refused, UNIX: no such path, and no one behind it", async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/socket`;
      assertEquals(
        (await fails(dial(parseEndpoint(`unix:${path}`), { network }), ConnectError)).kind,
        "refused",
      );
      network.listen({ transport: "unix", path }).close();
      assertEquals(
        (await fails(dial(parseEndpoint(`unix:${path}`), { network }), ConnectError)).kind,
        "refused",
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
  await t.step("unreachable", async () => {
    // A multicast address can be no peer of a stream; the kernel says so without a packet.
    const error = await fails(
      dial(parseEndpoint("224.0.0.1:25"), { network, timeoutMs: 5000 }),
      ConnectError,
    );
    assertEquals(error.kind, "unreachable");
  });
  await t.step("name not found", async () => {
    const error = await fails(dial(parseEndpoint("nowhere.invalid:25"), { network }), ConnectError);
    assertEquals(error.kind, "name not found");
  });
  await t.step("address in use, address of another host", () => {
    using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const inUse = assertThrows(() => network.listen({ hostname: "127.0.0.1", port }), ConnectError);
    assertEquals([inUse.kind, inUse.peer], ["in use", `127.0.0.1:${port}`]);
    assertThrows(
      () => network.listen({ hostname: "192.0.2.1", port: 0 }),
      ConnectError,
      "not one of this host",
    );
  });
  await t.step("timed out: connecting", async () => {
    // A listener whose queue is full does not answer, and the system tries again for minutes.
    await using full = await fullListener();
    const endpoint = parseEndpoint(`127.0.0.1:${full.port}`);
    const held = await Promise.allSettled(
      [1, 2, 3].map(() => dial(endpoint, { network, timeoutMs: 200 })),
    );
    try {
      const error = await fails(dial(endpoint, { network, timeoutMs: 100 }), TimeoutError);
      assertEquals(error.operation, "connect");
    } finally {
      for (const result of held) if (result.status === "fulfilled") result.value.close();
    }
  });
  await t.step("timed out: reading", async () => {
    const { client, server } = await pair();
    const error = await fails(readToEnd(client, { timeoutMs: 30, peer: "host" }), TimeoutError);
    assertEquals(error.operation, "read");
    server.close();
  });
  await t.step("reset", async () => {
    using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
    const accepted = listener.accept();
    const socket = new SystemSocket({ version: 4, type: "stream" });
    await socket.connect(listener.addr as Deno.NetAddr);
    using server = await accepted;
    // Closing without lingering sends a reset instead of an end.
    socket.socketOptions.set("linger", 0);
    socket.close();
    const error = await fails(
      new LineReader(server, { peer: "host" }).readLine(),
      DisconnectedError,
    );
    assertEquals([error.kind, error.operation], ["reset", "read"]);
  });
  await t.step("half-closed", async () => {
    const { client, server } = await pair();
    await client.closeWrite();
    assertEquals(await readToEnd(server), new Uint8Array(0));
    await writeAll(server, new TextEncoder().encode("still here\n"));
    assertEquals(await new LineReader(client).readLine(), "still here");
    const error = await fails(
      new LineWriter(client, { peer: "host" }).writeLine("x"),
      DisconnectedError,
    );
    assertEquals([error.kind, error.operation], ["broken pipe", "write"]);
    client.close();
    server.close();
  });
  await t.step("broken pipe", async () => {
    const { client, server } = await pair();
    server.close();
    const writer = new LineWriter(client, { peer: "host" });
    const error = await fails(
      (async () => {
        // The first one is answered by a reset, which the next one meets.
        for (let i = 0; i < 100; i++) await writer.writeLine("x".repeat(1000));
      })(),
      DisconnectedError,
    );
    assert(error.kind === "broken pipe" || error.kind === "reset", error.kind);
    client.close();
  });
  await t.step("ended early", async () => {
    const { client, server } = await pair();
    await writeAll(server, new TextEncoder().encode("half a li"));
    server.close();
    const reader = new LineReader(client, { peer: "host", unfinished: "error" });
    const error = await fails(reader.readLine(), DisconnectedError);
    assertEquals(error.kind, "closed");
    client.close();
  });
  await t.step("closed on this side", async () => {
    const { client, server } = await pair();
    const reading = new LineReader(client, { peer: "host" }).readLine();
    client.close();
    assertEquals((await fails(reading, DisconnectedError)).kind, "closed");
    server.close();
  });
});

Deno.test("socket options say what this socket can do", async () => {
  const { client, server } = await pair();
  const options = socketOptions(client);
  assertEquals(options.support("noDelay").set, true);
  options.set("noDelay", false);
  options.set("keepAlive", true);
  assertEquals(options.support("linger").set, false);
  assertThrows(() => options.set("linger", 0), UnsupportedError, "system's own calls");
  assertThrows(() => options.get("noDelay"), UnsupportedError, "not read it");
  assertThrows(() => socketOptions({}).set("noDelay", true), UnsupportedError, "no such options");
  client.close();
  server.close();
});

Deno.test("a socket of the system's own calls reads and sets every option", async (t) => {
  const values: Partial<SocketOptionTypes> = {
    reuseAddress: true,
    reusePort: true,
    keepAlive: true,
    linger: 3,
    noDelay: true,
    sendBuffer: 65_536,
    receiveBuffer: 65_536,
    broadcast: true,
    oobInline: true,
    keepAliveIdle: 77,
    keepAliveInterval: 7,
    keepAliveCount: 5,
    ttl: 33,
    typeOfService: 16,
    multicastTtl: 5,
    multicastLoop: false,
  };
  for (const name of Object.keys(SOCKET_OPTIONS) as SocketOptionName[]) {
    await t.step(name, () => {
      const type = ["broadcast", "multicastTtl", "multicastLoop"].includes(name)
        ? "datagram"
        : "stream";
      using socket = new SystemSocket({ version: 4, type });
      const options = socketOptions(socket);
      const { get, set, reason } = options.support(name);
      assert(get && set, `${name}: ${reason}`);
      options.set(name, values[name]!);
      const got = options.get(name);
      // The kernel doubles buffers for its own book-keeping (socket(7)).
      assertEquals(got, name.endsWith("Buffer") ? 131_072 : values[name]);
    });
  }
});
