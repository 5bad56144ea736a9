/** A handler that never ends gives its place back once the server has closed its connection. */

import { assertEquals, assertMatch } from "@std/assert";
import { dial, memoryNetwork, parseEndpoint } from "../../../src/net/mod.ts";
import { serveMultiplex, serveSerial } from "../../../src/servers/mod.ts";

for (const serve of [serveMultiplex, serveSerial]) {
  Deno.test(`${serve.name}() serves on beside a handler that never ends`, async () => {
    const network = memoryNetwork({ time: "real" });
    // The server's own timers keep no program alive, and there is no socket here.
    const alive = setInterval(() => {}, 60_000);
    const events: string[] = [];
    let begun = 0;
    const service = {
      name: "stuck",
      handle: async (): Promise<void> => {
        if (++begun === 1) await new Promise(() => {});
      },
    };
    const ended = Promise.withResolvers<void>();
    const server = serve(service, {
      network,
      endpoint: parseEndpoint("127.0.0.1:7"),
      maxConnections: 1,
      sessionTimeoutMs: 20,
      log(event) {
        events.push(`${event.kind} ${event.text}`);
        if (event.kind === "failed") ended.resolve();
      },
    });
    using _first = await dial("127.0.0.1:7", { network });
    await ended.promise;
    assertEquals(server.status().connections, 0);
    using second = await dial("127.0.0.1:7", { network });
    assertEquals(await second.read(new Uint8Array(1)), null);
    assertEquals(begun, 2);
    await server.shutdown(0);
    clearInterval(alive);
    const failures = events.filter((event) => event.startsWith("failed"));
    assertEquals(failures.length, 1);
    assertMatch(failures[0]!, /^failed open for 0\.02 s, and its handler did not end$/);
  });
}
