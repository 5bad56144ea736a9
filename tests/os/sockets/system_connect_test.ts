import { assertEquals, assertRejects } from "@std/assert";
import { ConnectError, type Connection, NetwrightError, readToEnd } from "../../../src/net/mod.ts";
import {
  closeDescriptor,
  closePoller,
  connectSystemStream,
  isReset,
  openListener,
  openSocketCalls,
  POLL,
} from "../../../src/os/internal.ts";
import { poller } from "../../../src/os/sockets/poller.ts";
import { decodeAddress } from "../../../src/os/sockets/sockaddr.ts";
import { accept, localName } from "../../../src/os/libc/socket_calls.ts";

Deno.test("connectSystemStream() sets options before it connects, and carries bytes", async () => {
  for (const hostname of ["127.0.0.1", "::1"]) {
    using listener = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr;
    const serving = (async () => {
      using connection = await listener.accept();
      await connection.write(await readToEnd(connection));
    })();
    const settings = [["ttl", 9], ["keepAliveIdle", 77], ["noDelay", true]] as const;
    using connection = await connectSystemStream({ hostname, port }, settings);
    for (const [name, value] of settings) {
      assertEquals(connection.socketOptions.get(name), value);
    }
    assertEquals(connection.remoteAddr, { transport: "tcp", hostname, port });
    await connection.write(new TextEncoder().encode("hi"));
    await connection.closeWrite();
    assertEquals(new TextDecoder().decode(await readToEnd(connection)), "hi");
    await serving;
  }
});

Deno.test("connectSystemStream() refuses what cannot be, and leaves no socket open", async () => {
  const to = { hostname: "127.0.0.1", port: 1 };
  await assertRejects(() => connectSystemStream(to, []), ConnectError, "refused");
  await assertRejects(() => connectSystemStream(to, [["ttl", 999]]), NetwrightError, "ttl=999");
  await assertRejects(() => connectSystemStream({ hostname: "x", port: 1 }, []), RangeError);
});

Deno.test("isReset() knows a client that has reset its connection from one that only ended its direction", async () => {
  openSocketCalls();
  const listener = openListener({ transport: "tcp", hostname: "127.0.0.1", port: 0 });
  const { port } = decodeAddress(localName(listener)!) as Deno.NetAddr;
  const connect = (linger: number) =>
    connectSystemStream({ hostname: "127.0.0.1", port }, [["linger", linger]]);
  const take = async (): Promise<number> => {
    await poller().wait(listener, POLL.in);
    return accept(listener).fd;
  };
  const rows: [name: string, end: (client: Connection) => Promise<void> | void, reset: boolean][] =
    [
      ["still there", () => {}, false],
      ["has sent something", async (client) => void await client.write(Uint8Array.of(1)), false],
      ["has ended its direction", (client) => client.closeWrite(), false],
      ["has gone", (client) => client.close(), true],
    ];
  for (const [name, end, reset] of rows) {
    // A close with this option resets.
    using client = await connect(0);
    const fd = await take();
    assertEquals(isReset(fd), false);
    await end(client);
    assertEquals(isReset(fd), reset, name);
    closeDescriptor(fd);
  }
  closeDescriptor(listener);
  closePoller();
});
