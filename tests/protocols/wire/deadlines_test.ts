/** Every wait for a server ends: a handshake that never comes, a reply that comes byte by byte. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  type Connection,
  dial,
  parseEndpoint,
  systemNetwork,
  TimeoutError,
} from "../../../src/net/mod.ts";
import { CommandChannel, connectChannel } from "../../../src/protocols/wire/mod.ts";
import { serve } from "../../../src/servers/mod.ts";

const encoder = new TextEncoder();

/** A server of one behaviour. */
function served(handle: (connection: Connection) => Promise<void>) {
  return serve({ name: "odd", handle });
}

/** Reads until the client leaves. */
async function drain(connection: Connection): Promise<void> {
  const buffer = new Uint8Array(1000);
  while (await connection.read(buffer).catch(() => null) !== null);
}

Deno.test("a TLS handshake that never comes ends in the time for connecting", async () => {
  await using server = served(drain);
  const before = performance.now();
  await assertRejects(() =>
    connectChannel({
      network: systemNetwork(),
      endpoint: parseEndpoint(`127.0.0.1:${server.endpoint.port}`),
      style: "smtp",
      connectTimeoutMs: 100,
      tls: { hostname: "localhost" },
    }), TimeoutError);
  assertEquals(performance.now() - before < 5000, true);
});

Deno.test("a TLS handshake that never comes after STARTTLS ends in the time for a reply", async () => {
  await using server = served(async (connection) => {
    await connection.write(encoder.encode("220 go\r\n"));
    await drain(connection);
  });
  using channel = new CommandChannel(await dial(`127.0.0.1:${server.endpoint.port}`), {
    style: "smtp",
    timeoutMs: 100,
  });
  await channel.expect([220], "greeting");
  const before = performance.now();
  await assertRejects(() => channel.upgrade({ hostname: "localhost" }), TimeoutError);
  assertEquals(performance.now() - before < 5000, true);
});

for (const [name, piece] of [["bytes", "2"], ["lines", "220-more\r\n"]] as const) {
  Deno.test(`a reply that comes in ${name}, a few now and then, ends too`, async () => {
    await using server = served(async (connection) => {
      const timer = setInterval(() => {
        connection.write(encoder.encode(piece)).catch(() => {});
      }, 20);
      await drain(connection);
      clearInterval(timer);
    });
    using channel = new CommandChannel(await dial(`127.0.0.1:${server.endpoint.port}`), {
      style: "smtp",
      timeoutMs: 100,
      maxLineBytes: 1_000_000,
      maxLines: 1_000_000,
    });
    await assertRejects(() => channel.expect([220], "greeting"), TimeoutError);
  });
}
