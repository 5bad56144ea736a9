/** `gab`: nothing of its input gets lost in silence. */

import { assertEquals, assertMatch } from "@std/assert";
import { readToEnd } from "../../src/net/mod.ts";
import { netwright } from "../support/netwright.ts";

const LONG = "x".repeat(3_000_000);

Deno.test("gab goes on sending when the server has ended its direction", async () => {
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

Deno.test("gab tells that a server which has gone did not take all", async () => {
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
