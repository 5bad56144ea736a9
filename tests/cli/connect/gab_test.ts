/** `gab`: nothing of its input gets lost in silence. */

import { assertEquals, assertMatch } from "@std/assert";
import { readToEnd } from "../../../src/net/mod.ts";
import { flagsOf, netwright, startNetwright } from "../../support/netwright.ts";

const LONG = "x".repeat(3_000_000);

Deno.test("gab continues sending when the server has ended its direction", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.write(new TextEncoder().encode("hi\n"));
    await connection.closeWrite();
    return (await readToEnd(connection, { maxBytes: 10_000_000 })).length;
  })();
  const ended = await netwright(["gab", `127.0.0.1:${listener.addr.port}`], { stdin: LONG });
  assertEquals(ended, { code: 0, stdout: "hi\n", stderr: "" });
  assertEquals(await serving, LONG.length);
});

Deno.test("gab reports that a server which has gone did not take all", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.write(new TextEncoder().encode("hi\n"));
  })();
  const ended = await netwright(["gab", `127.0.0.1:${listener.addr.port}`], { stdin: LONG });
  assertEquals(ended.code, 1);
  assertMatch(ended.stderr, /^netwright: gab: 127\.0\.0\.1:\d+: .*(?:closed|reset).*\n$/);
  await serving;
});

Deno.test("gab does not wait for ever for a server that reads nothing", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const ended = await netwright(["gab", `127.0.0.1:${listener.addr.port}`, "--timeout", "0.4"], {
    stdin: LONG.repeat(5),
  });
  assertEquals(ended.code, 1);
  assertMatch(ended.stderr, /^netwright: gab: 127\.0\.0\.1:\d+: no answer for 0\.4 s\n$/);
  (await accepted).close();
});

Deno.test("gab --listen takes one client, over TCP and a UNIX socket, under exactly its permissions", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const where of ["127.0.0.1:0", `unix:${folder}/s`]) {
    await t.step(where.replace(folder, ""), async () => {
      const words = ["gab", "--listen", where];
      await using server = startNetwright(words, { flags: await flagsOf(words) });
      const line = await server.errorLine();
      const place = line!.replace("listening on ", "");
      const client = netwright(["gab", place], { stdin: "hello\n" });
      const [reported] = await Promise.all([server.line(), server.child.stdin.close()]);
      assertEquals(reported, "hello");
      assertEquals(await client, { code: 0, stdout: "", stderr: "" });
      assertEquals((await server.stop()).code, 0);
      assertEquals([...Deno.readDirSync(folder)], []);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("gab --udp exchanges datagrams, and its peer answers its first sender", async () => {
  const words = ["gab", "--listen", "--udp", "127.0.0.1:0"];
  await using server = startNetwright(words, { flags: await flagsOf(words) });
  const place = (await server.errorLine())!.replace("listening on ", "");
  const client = netwright(["gab", "--udp", place, "--timeout", "1"], { stdin: "ping\n" });
  assertEquals(await server.line(), "ping");
  const writer = server.child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("pong\n"));
  assertEquals(await client, { code: 0, stdout: "pong\n", stderr: "" });
  await writer.close();
});

Deno.test("gab --udp carries datagrams whole, the largest too", async () => {
  const words = ["gab", "--listen", "--udp", "127.0.0.1:0"];
  await using server = startNetwright(words);
  const place = (await server.errorLine())!.replace("listening on ", "");
  const largest = `${"x".repeat(65_506)}\n`;
  const client = netwright(["gab", "--udp", place, "--timeout", "0.5"], { stdin: largest });
  assertEquals((await server.line())?.length, 65_506);
  assertEquals((await client).code, 0);
  const crlf = netwright(["gab", "--udp", "--crlf", place, "--timeout", "0.5"], {
    stdin: "\n".repeat(40_000),
  });
  assertEquals((await crlf).stderr, "");
});

Deno.test("gab --scan reports which ports are open", async () => {
  using open = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  closed.close();
  const [a, b] = [open.addr.port, closed.addr.port];
  const words = ["gab", "-z", `127.0.0.1:${a},${b}`];
  const shown = await netwright([...words, "-v"], { flags: await flagsOf(words) });
  assertEquals(shown, {
    code: 0,
    stdout: `127.0.0.1:${a} open\n`,
    stderr: `127.0.0.1:${b} connection refused\n`,
  });
  assertEquals((await netwright(["gab", "-z", `127.0.0.1:${b}`])).code, 1);
  const rows: [target: string, error: RegExp][] = [
    ["127.0.0.1", /has no ports/],
    ["127.0.0.1:9-2", /"9-2" is neither a port nor/],
    ["127.0.0.1:0", /"0" is neither a port nor/],
    ["127.0.0.1:1-2000", /more than 1000 ports/],
    ["127.0.0.1:1,,2", /"" is neither a port nor/],
  ];
  for (const [target, error] of rows) {
    const { code, stderr } = await netwright(["gab", "--scan", target]);
    assertEquals(code, 2);
    assertMatch(stderr, error);
  }
});
