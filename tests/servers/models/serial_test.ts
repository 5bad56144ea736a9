/** The serial model, in memory. */

import { assertEquals } from "@std/assert";
import { dial, memoryNetwork, parseEndpoint } from "../../../src/net/mod.ts";
import { serveSerial } from "../../../src/servers/mod.ts";
import { streamService } from "../../../src/services/mod.ts";

const echo = await streamService("echo");
const endpoint = parseEndpoint("127.0.0.1:0");

Deno.test("serveSerial() talks with one client at a time, in the order of their coming", async () => {
  const network = memoryNetwork();
  const seen: string[] = [];
  await using server = serveSerial(echo, {
    network,
    endpoint,
    log: ({ kind }) => seen.push(kind),
  });
  using first = await dial(server.endpoint, { network });
  using second = await dial(server.endpoint, { network });
  const buffer = new Uint8Array(1);
  await second.write(Uint8Array.of(2));
  await first.write(Uint8Array.of(1));
  assertEquals([await first.read(buffer), buffer[0]], [1, 1]);
  assertEquals(server.status().connections, 1);
  assertEquals(seen.filter((kind) => kind === "connected").length, 1);
  first.close();
  assertEquals([await second.read(buffer), buffer[0]], [1, 2]);
  assertEquals(server.status().accepted, 2);
});

Deno.test("serveSerial() ends in time though one client talks and others wait", async () => {
  const network = memoryNetwork();
  await using server = serveSerial(echo, { network, endpoint });
  using first = await dial(server.endpoint, { network });
  using second = await dial(server.endpoint, { network });
  const buffer = new Uint8Array(1);
  await first.write(Uint8Array.of(1));
  await first.read(buffer);
  await server.shutdown(0);
  assertEquals(await first.read(buffer), null);
  assertEquals(server.status().accepted, 1);
  assertEquals(await second.read(buffer).catch(() => null), null);
});

Deno.test("serveSerial() lets a silent client keep the others waiting only until its time-out", async () => {
  const network = memoryNetwork();
  await using server = serveSerial(echo, { network, endpoint, idleTimeoutMs: 30 });
  // The watch alone keeps no program running, and in memory nothing else does.
  const running = setInterval(() => {}, 1000);
  using silent = await dial(server.endpoint, { network });
  using second = await dial(server.endpoint, { network });
  await second.write(Uint8Array.of(2));
  const buffer = new Uint8Array(1);
  assertEquals([await second.read(buffer), buffer[0]], [1, 2]);
  assertEquals(await silent.read(buffer), null);
  clearInterval(running);
});

Deno.test("serveSerial() ends in time though a conversation never does", async () => {
  const network = memoryNetwork();
  const begun = Promise.withResolvers<void>();
  const service = {
    name: "stuck",
    // As a write that outlives its connection, on older runtimes.
    handle: () => (begun.resolve(), new Promise<void>(() => {})),
  };
  const server = serveSerial(service, { network, endpoint });
  using _client = await dial(server.endpoint, { network });
  await begun.promise;
  await server.shutdown(0);
  assertEquals(server.status().accepted, 1);
});
