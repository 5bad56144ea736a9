/** Echoes in datagrams over a network that loses, doubles, delays and cuts them. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { memoryNetwork, TimeoutError } from "../../../src/net/mod.ts";
import { connectEcho } from "../../../src/protocols/echo/mod.ts";
import { serveDatagrams } from "../../../src/servers/mod.ts";

const ECHO = { name: "echo", reply: (message: Uint8Array) => message };
const LOCAL = { transport: "udp", hostname: "127.0.0.1", port: 0 } as const;

Deno.test("a thousand echoes over a bad network: each comes back once, and the numbers add up", async (t) => {
  for (const seed of [1, 2, 3]) {
    await t.step(`seed ${seed}`, async () => {
      const network = memoryNetwork({
        seed,
        time: "real",
        datagrams: {
          ...{ delayMs: 1, jitterMs: 2, loss: 0.3, duplication: 0.3, reordering: 0.3 },
          truncation: 0.05,
        },
      });
      await using server = serveDatagrams(ECHO, { network, endpoint: LOCAL });
      // A first wait of 50 ms, which is doubled each time.
      using client = await connectEcho(server.endpoint, { network, timeoutMs: 500, tries: 100 });
      const texts: string[] = [];
      const failures: unknown[] = [];
      await Promise.all(Array.from({ length: 1000 }, async (_, n) => {
        // One that was given up is asked for anew, as a caller would.
        for (let tries = 0; tries < 10; tries++) {
          try {
            const { message } = await client.echo(new TextEncoder().encode(`text ${n}`));
            texts.push(new TextDecoder().decode(message));
            return;
          } catch (error) {
            failures.push(error);
          }
        }
      }));
      assert(failures.every((error) => error instanceof TimeoutError));
      assertEquals(texts.length, 1000);
      assertEquals(new Set(texts).size, 1000);
      const s = client.statistics!;
      assertEquals([s.requests, s.answered], [1000 + failures.length, 1000]);
      assertEquals(s.unanswered + s.failed, failures.length);
      assertEquals(s.sent, s.requests + s.resent);
      assertEquals(s.received, s.answered + s.duplicates + s.late + s.damaged + s.unknown);
      assert(s.resent > 300 && s.duplicates > 100 && s.reordered > 10, JSON.stringify(s));
    });
  }
});

Deno.test("an echo in datagrams: any bytes, none, too many, no answer", async () => {
  const network = memoryNetwork();
  await using server = serveDatagrams(ECHO, { network, endpoint: LOCAL });
  using client = await connectEcho(server.endpoint, { network });
  for (const bytes of [[], [0x3a], [0x31, 0x3a, 0x20], [0, 255, 13, 10]]) {
    assertEquals((await client.echo(Uint8Array.from(bytes))).message, Uint8Array.from(bytes));
  }
  assertEquals((await client.echo(new Uint8Array(65_000))).message.length, 65_000);
  await assertRejects(() => client.echo(new Uint8Array(65_507)), Error, "too long");
  const silent = network.listenDatagram(LOCAL);
  const { port } = silent.addr as Deno.NetAddr;
  using alone = await connectEcho({ ...LOCAL, port }, { network, timeoutMs: 1000 });
  await assertRejects(() => alone.echo(Uint8Array.of(1)), TimeoutError);
  silent.close();
});
