/** Workers of the library's own starter. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  dial,
  parseEndpoint,
  systemNetwork,
  UnsupportedError,
  UsageError,
} from "../../../src/net/mod.ts";
import { localBroker, servePrethread, type Server, serveThread } from "../../../src/servers/mod.ts";

const network = systemNetwork();
const endpoint = parseEndpoint("127.0.0.1:0");
const echo = { service: "echo", configuration: {} };

async function converse(server: Server): Promise<void> {
  using client = await dial(server.endpoint, { network });
  await client.write(Uint8Array.of(1, 2, 3));
  const buffer = new Uint8Array(8);
  assertEquals(await client.read(buffer), 3);
  assertEquals(buffer.subarray(0, 3), Uint8Array.of(1, 2, 3));
}

for (const narrow of [false, true]) {
  const broker = localBroker({ narrow });
  Deno.test(`a library serves by Workers, ${narrow ? "narrowed" : "as they are"}`, async (t) => {
    await t.step("one for each client", async () => {
      await using server = await serveThread(echo, { network, endpoint, broker });
      await Promise.all([converse(server), converse(server)]);
    });
    await t.step("a pool", async () => {
      await using server = await servePrethread(echo, { endpoint, broker, childrenMax: 2 });
      await Promise.all([converse(server), converse(server)]);
    });
  });
}

Deno.test("without a broker Workers are started all the same", async () => {
  await using server = await serveThread(echo, { network, endpoint });
  await converse(server);
});

Deno.test("sockets that Workers share are refused by the library's own starter", async () => {
  const error = await assertRejects(
    () => servePrethread(echo, { endpoint, accept: "shared" }),
    UnsupportedError,
  );
  assertEquals(error.message.includes("those of the netwright command"), true);
});

Deno.test("a service that there is not is refused before anybody listens for it", async () => {
  const nobody = { service: "nosuch", configuration: {} };
  for (const serve of [serveThread, servePrethread]) {
    await assertRejects(() => serve(nobody, { network, endpoint }), UsageError, "no such service");
  }
});
