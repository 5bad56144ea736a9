/** Workers of the library's own starter. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  dial,
  LineReader,
  parseEndpoint,
  systemNetwork,
  UsageError,
  writeAll,
} from "../../../src/net/mod.ts";
import {
  localBroker,
  serveFork,
  servePrefork,
  servePrethread,
  type Server,
  serveThread,
} from "../../../src/servers/mod.ts";
import { namedService } from "../../../src/services/mod.ts";

const network = systemNetwork();
const endpoint = parseEndpoint("127.0.0.1:0");
const echo = { service: "echo", configuration: {} };

const ADDER = import.meta.resolve("../../support/adder_service.ts");

/** The response of a server to one line. */
async function add(server: Server, line: string): Promise<string | undefined> {
  using client = await dial(server.endpoint);
  await writeAll(client, new TextEncoder().encode(`${line}\n`));
  return await new LineReader(client).readLine();
}

async function converse(server: Server): Promise<void> {
  using client = await dial(server.endpoint, { network });
  await client.write(Uint8Array.of(1, 2, 3));
  const buffer = new Uint8Array(8);
  assertEquals(await client.read(buffer), 3);
  assertEquals(buffer.subarray(0, 3), Uint8Array.of(1, 2, 3));
}

for (const narrow of [false, true]) {
  const broker = localBroker({ narrow });
  Deno.test(`a library serves by Workers, ${narrow ? "narrowed" : "with all permissions"}`, async (t) => {
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

const PER_CLIENT = { fork: serveFork, thread: serveThread };
const POOLS = { prefork: servePrefork, prethread: servePrethread };

for (const narrow of [false, true]) {
  const broker = localBroker({ narrow });
  const how = narrow ? "narrowed" : "with all permissions";
  Deno.test(`a service of one's own is served by workers ${how}`, async (t) => {
    const named = await namedService(ADDER, { start: "100" });
    const options = { endpoint: "127.0.0.1:0", broker };
    const servers: Readonly<Record<string, () => Promise<Server>>> = {
      ...Object.fromEntries(
        Object.entries(PER_CLIENT).map(([name, serve]) => [name, () => serve(named, options)]),
      ),
      ...Object.fromEntries(
        Object.entries(POOLS).flatMap(([name, serve]) =>
          (["shared", "own"] as const).map((accept) => [
            `${name}, ${accept} sockets`,
            () => serve(named, { ...options, accept, idleMin: 1, childrenMax: 2 }),
          ])
        ),
      ),
    };
    for (const [name, start] of Object.entries(servers)) {
      await t.step(name, async () => {
        await using server = await start();
        assertEquals(await add(server, "1 2 39"), "142");
        assertEquals(await add(server, "secrets"), narrow ? "NotCapable" : "read");
        assertEquals(server.status().service, "adder_service");
      });
    }
  });
}

Deno.test("a service of one's own gets exactly the permissions in `needs`", async () => {
  const named = { service: ADDER, configuration: { start: 0 }, needs: { read: ["/etc/hostname"] } };
  for (const serve of [serveFork, serveThread]) {
    await using server = await serve(named, {
      endpoint: "127.0.0.1:0",
      broker: localBroker({ narrow: true }),
    });
    assertEquals(await add(server, "secrets"), "read");
  }
});

Deno.test("a module that is not a service is refused before the server listens", async (t) => {
  const data = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const wrong: readonly [service: string, error: new () => Error, message: string][] = [
    ["nosuch", UsageError as never, "no such service"],
    ["file:///nosuch/adder.ts", UsageError as never, "adder cannot be loaded"],
    [data("export default 1"), UsageError as never, "is not a service"],
    [data("export const service = {}"), UsageError as never, "is not a service"],
    [data("export default { name: 'x', reply: () => {} }"), UsageError as never, "no such service"],
    [data("export default {"), UsageError as never, "cannot be loaded"],
    [data("throw new Error('not today')"), UsageError as never, "not today"],
  ];
  for (const [service, error, message] of wrong) {
    for (const serve of [serveFork, serveThread, servePrefork, servePrethread]) {
      await t.step(`${serve.name} ${service.slice(0, 60)}`, async () => {
        const named = { service, configuration: {} };
        await assertRejects(() => serve(named, { endpoint: "127.0.0.1:0" }), error, message);
      });
    }
  }
});

Deno.test("options that there are not are refused by their names", async () => {
  for (const serve of [serveFork, serveThread, servePrefork, servePrethread]) {
    for (
      const [options, name] of [
        [{ maxConnections: 0 }, "maxConnections"],
        [{ idleTimeoutMs: NaN }, "idleTimeoutMs"],
        [{ idleTimeout: 5 }, "idleTimeout"],
      ] as const
    ) {
      await assertRejects(() => serve(echo, { endpoint: "127.0.0.1:0", ...options }), Error, name);
    }
    await assertRejects(() => serve(echo, { endpoint: "nowhere:x" }), UsageError, "x");
  }
});
