import { assertEquals, assertRejects } from "@std/assert";
import { ConnectError, NetwrightError, readToEnd } from "../../src/net/mod.ts";
import { connectSystemStream } from "../../src/os/mod.ts";

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
