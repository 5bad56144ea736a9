/** The datagram server, in memory. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  askDatagram,
  type HostEndpoint,
  memoryNetwork,
  parseEndpoint,
  TimeoutError,
  UnsupportedError,
} from "../../../src/net/mod.ts";
import { serveDatagrams, type ServeOptions, type ServerEvent } from "../../../src/servers/mod.ts";
import { type DatagramService, datagramService } from "../../../src/services/mod.ts";

const ANYWHERE = parseEndpoint("127.0.0.1:0", { transport: "udp" });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (message: Uint8Array): string => new TextDecoder().decode(message);

function events(): { readonly log: (event: ServerEvent) => void; readonly seen: ServerEvent[] } {
  const seen: ServerEvent[] = [];
  return { log: (event) => seen.push(event), seen };
}

Deno.test("no service answers the port of a service that would answer back (CVE-1999-0103)", async (t) => {
  for (const name of ["echo", "chargen", "daytime", "qotd", "time"]) {
    await t.step(name, async () => {
      const network = memoryNetwork();
      const service = await datagramService(name);
      const { log, seen } = events();
      await using server = serveDatagrams(service, { network, endpoint: ANYWHERE, log });
      const to = server.endpoint as HostEndpoint;
      const address = { transport: "udp" as const, hostname: to.hostname, port: to.port };
      const count = 5;
      for (const port of [7, 13, 17, 19, 37]) {
        // A forged sender, as the attack needs; it must receive nothing.
        const victim = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port });
        await victim.send(bytes("forged"), address);
        victim.close();
      }
      // The next honest question is answered, and those before it were counted and refused.
      const answer = await askDatagram(to, bytes("honest question of some length"), { network });
      assertEquals(answer.length > 0, true);
      assertEquals(server.status().refused, count);
      const reasons = seen.filter(({ kind }) => kind === "refused").map(({ text }) => text);
      assertEquals(new Set(reasons), new Set(["the sender's port is one that answers anything"]));
    });
  }
});

Deno.test("no service answers with more than it was asked (no amplification)", async (t) => {
  for (const name of ["echo", "chargen"]) {
    await t.step(name, async () => {
      const network = memoryNetwork();
      const service = await datagramService(name);
      await using server = serveDatagrams(service, { network, endpoint: ANYWHERE });
      for (const length of [1, 50, 512]) {
        const question = new Uint8Array(length).fill(65);
        const answer = await askDatagram(server.endpoint as HostEndpoint, question, { network });
        assertEquals(answer.length <= length, true, `${answer.length} for ${length}`);
      }
    });
  }
});

Deno.test("slow replies run side by side, up to the limit", async () => {
  const network = memoryNetwork();
  const gate = Promise.withResolvers<void>();
  const started: string[] = [];
  const three = Promise.withResolvers<void>();
  const slow: DatagramService = {
    name: "slow",
    async reply(message) {
      const question = text(message);
      if (started.push(question) === 2) three.resolve();
      await gate.promise;
      return bytes(question.toUpperCase());
    },
  };
  const { log, seen } = events();
  const options: ServeOptions<DatagramService> = {
    network,
    endpoint: ANYWHERE,
    maxConnections: 2,
    log,
  };
  await using server = serveDatagrams(slow, options);
  const to = server.endpoint as HostEndpoint;
  const first = askDatagram(to, bytes("a"), { network });
  const second = askDatagram(to, bytes("b"), { network });
  await three.promise;
  const third = askDatagram(to, bytes("c"), { network, timeoutMs: 50 });
  await assertRejects(() => third, TimeoutError);
  gate.resolve();
  assertEquals([text(await first), text(await second)].sort(), ["A", "B"]);
  assertEquals(started.length, 2);
  assertEquals(
    seen.find(({ kind }) => kind === "refused")?.text,
    "2 datagrams are being answered",
  );
});

Deno.test("reload() gives new questions the new service; what fails changes nothing", async () => {
  const network = memoryNetwork();
  const says = (word: string): DatagramService => ({ name: "word", reply: () => bytes(word) });
  let next: () => Promise<{ service: DatagramService }> = () =>
    Promise.resolve({ service: says("two") });
  const { log, seen } = events();
  const options = { network, endpoint: ANYWHERE, reload: () => next(), log };
  await using server = serveDatagrams(says("one"), options);
  const ask = async (): Promise<string> =>
    text(await askDatagram(server.endpoint as HostEndpoint, bytes("?"), { network }));
  assertEquals(await ask(), "one");
  await server.reload();
  assertEquals(await ask(), "two");
  next = () => Promise.reject(new Error("no such file"));
  await assertRejects(() => server.reload(), Error, "no such file");
  assertEquals(await ask(), "two");
  assertEquals(
    seen.map(({ kind }) => kind).filter((kind) => ["reloaded", "failed"].includes(kind)),
    ["reloaded", "failed"],
  );
  await using plain = serveDatagrams(says("x"), { network, endpoint: ANYWHERE });
  await assertRejects(() => plain.reload(), UnsupportedError);
});
