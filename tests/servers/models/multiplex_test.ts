import { assertEquals, assertRejects } from "@std/assert";
import {
  ConnectError,
  dial,
  memoryNetwork,
  overrideNetwork,
  parseEndpoint,
  readToEnd,
} from "../../../src/net/mod.ts";
import { serveMultiplex, type ServerEvent } from "../../../src/servers/mod.ts";
import { streamService } from "../../../src/services/mod.ts";

const echo = await streamService("echo");
const endpoint = parseEndpoint("127.0.0.1:0");

Deno.test("serveMultiplex() turns clients away beyond its limits, and logs who came", async () => {
  const network = memoryNetwork();
  const events: ServerEvent[] = [];
  const log = (event: ServerEvent): void => void events.push(event);
  await using server = serveMultiplex(echo, { network, endpoint, maxConnections: 1, log });
  using first = await dial(server.endpoint, { network });
  await first.write(Uint8Array.of(1, 2));
  await first.read(new Uint8Array(2));
  using second = await dial(server.endpoint, { network });
  assertEquals((await readToEnd(second)).length, 0);
  first.close();
  await server.shutdown();
  const kinds = events.map(({ kind }) => kind);
  assertEquals(kinds.slice(0, 3), ["listening", "connected", "refused"]);
  const { received, sent } = events.find(({ kind }) => kind === "disconnected")!;
  assertEquals([received, sent], [2, 2]);
  assertEquals(server.status().refused, 1);
});

Deno.test("serveMultiplex() continues after a lack of descriptors, however often", async () => {
  const network = memoryNetwork();
  const lack = { left: 5 };
  const starved = overrideNetwork(network, {
    listen(options) {
      const listener = network.listen(options);
      const accept = listener.accept.bind(listener);
      listener.accept = async () => {
        if (lack.left-- > 0) throw new Error("Too many open files (os error 24)");
        return await accept();
      };
      return listener;
    },
  });
  const failures: string[] = [];
  await using server = serveMultiplex(echo, {
    network: starved,
    endpoint,
    log: ({ kind, text }) => kind === "failed" && failures.push(text),
  });
  using client = await dial(server.endpoint, { network });
  await client.write(Uint8Array.of(7));
  const buffer = new Uint8Array(1);
  assertEquals([await client.read(buffer), buffer[0]], [1, 7]);
  assertEquals(failures.length, 5);
});

Deno.test("serveMultiplex() lets no client that resets early keep the others waiting", async () => {
  const network = memoryNetwork();
  let resets = 1000;
  const disturbed = overrideNetwork(network, {
    listen(options) {
      const listener = network.listen(options);
      const accept = listener.accept.bind(listener);
      listener.accept = async () => {
        if (resets-- > 0) {
          throw new Deno.errors.NotConnected("Transport endpoint is not connected (os error 107)");
        }
        return await accept();
      };
      return listener;
    },
  });
  await using server = serveMultiplex(echo, { network: disturbed, endpoint });
  using client = await dial(server.endpoint, { network });
  await client.write(Uint8Array.of(7));
  // Had it waited after each of them, this would take a quarter of an hour.
  assertEquals(await client.read(new Uint8Array(1)), 1);
});

Deno.test("serveMultiplex() closes silent connections and leaves none at the end", async () => {
  const network = memoryNetwork();
  await using server = serveMultiplex(echo, { network, endpoint, idleTimeoutMs: 20 });
  using client = await dial(server.endpoint, { network });
  assertEquals((await readToEnd(client)).length, 0);
  await server.shutdown(1000);
  assertEquals(server.status().connections, 0);
  await assertRejects(() => dial(server.endpoint, { network }), ConnectError);
});

Deno.test("the pending read of a connection that is closed wakes, on a real socket", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  using _server = await listener.accept();
  const reading = client.read(new Uint8Array(1));
  client.close();
  await assertRejects(() => reading, Deno.errors.Interrupted);
});
