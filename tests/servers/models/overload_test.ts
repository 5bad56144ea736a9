/** More clients than there is room for, and clients that take their time. */

import { assertEquals, assertMatch } from "@std/assert";
import {
  type Connection,
  dial,
  memoryNetwork,
  parseEndpoint,
  readToEnd,
  systemNetwork,
} from "../../../src/net/mod.ts";
import {
  serveMultiplex,
  type ServeOptions,
  type Server,
  type ServerEvent,
} from "../../../src/servers/mod.ts";
import { type Service, streamService } from "../../../src/services/mod.ts";

const endpoint = parseEndpoint("127.0.0.1:0");
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (written: string): Uint8Array => new TextEncoder().encode(written);

async function service(name: string, options = {}): Promise<Service> {
  return await streamService(name, options);
}

/** Serves, with a log that can be waited for. */
function start(service: Service, options: Partial<ServeOptions>) {
  const events: ServerEvent[] = [];
  const waiting = new Set<() => void>();
  const server = serveMultiplex(service, {
    network: systemNetwork(),
    endpoint,
    ...options,
    log: (event) => {
      events.push(event);
      for (const look of waiting) look();
    },
  });
  const seen = (kind: ServerEvent["kind"], count = 1): Promise<ServerEvent> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.filter((event) => event.kind === kind);
        if (found.length < count) return;
        waiting.delete(look);
        resolve(found[count - 1]!);
      };
      waiting.add(look);
      look();
    });
  return { server, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function ask(server: Server, client?: Connection): Promise<string> {
  using connection = client ?? await dial(server.endpoint);
  await connection.write(bytes("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  return text(await readToEnd(connection));
}

Deno.test("beyond its limit http answers 503 to clients that have sent, or send later", async () => {
  await using running = start(await service("http", { sample: "3" }), { maxConnections: 1 });
  const { server, seen } = running;
  const first = await dial(server.endpoint);
  await seen("connected");
  assertMatch(await ask(server), /^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 1\r\n/);
  const silent = await dial(server.endpoint);
  await seen("refused", 2);
  assertMatch(await ask(server, silent), /^HTTP\/1\.1 503 /);
  // The first still has its place, and when it has left there is room.
  assertMatch(await ask(server, first), /^HTTP\/1\.1 200 /);
  await seen("disconnected");
  assertMatch(await ask(server), /^HTTP\/1\.1 200 /);
});

Deno.test("a crowd that is turned away takes no place", async () => {
  await using running = start(await service("eliza"), { maxConnections: 1 });
  const { server, seen } = running;
  using first = await dial(server.endpoint);
  await seen("connected");
  const crowd = await Promise.all(
    Array.from({ length: 200 }, () => dial(server.endpoint)),
  );
  await seen("refused", 200);
  const reported = (await Promise.all(crowd.map((client) => readToEnd(client)))).map(text);
  for (const client of crowd) client.close();
  assertEquals(
    new Set(reported),
    new Set(["I have no room for another patient. Come back later.\r\n", ""]),
  );
  const buffer = new Uint8Array(1000);
  assertMatch(text(buffer.subarray(0, await first.read(buffer) ?? 0)), /\?|\.\r\n$/);
});

Deno.test("with whenFull queue further clients wait for a place", async () => {
  const network = memoryNetwork();
  const options = { network, maxConnections: 1, whenFull: "queue" } as const;
  await using running = start(await service("echo"), options);
  const first = await dial(running.server.endpoint, { network });
  await running.seen("connected");
  using second = await dial(running.server.endpoint, { network });
  await second.write(Uint8Array.of(7));
  first.close();
  await running.seen("connected", 2);
  assertEquals(await second.read(new Uint8Array(1)), 1);
  assertEquals(running.server.status().refused, 0);
});

const SLOW: [
  name: string,
  service: string,
  options: Partial<ServeOptions>,
  act: (client: Connection) => Promise<unknown>,
][] = [
  ["sends nothing", "echo", { idleTimeoutMs: 100 }, () => Promise.resolve()],
  ["never reads", "chargen", { idleTimeoutMs: 100 }, () => Promise.resolve()],
  ["sends a byte now and then", "echo", { sessionTimeoutMs: 200 }, trickle],
  ["sends a byte of a request now and then", "http", { sessionTimeoutMs: 200 }, trickle],
];

/** Sends a byte each 20 ms until the connection is gone. */
async function trickle(client: Connection): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    await client.write(Uint8Array.of(65));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (const [name, protocol, options, act] of SLOW) {
  Deno.test(`a client of ${protocol} that ${name} costs one place until its time-out`, async () => {
    const one = await service(protocol, protocol === "http" ? { sample: "3" } : {});
    await using running = start(one, { ...options, maxConnections: 1, whenFull: "queue" });
    using slow = await dial(running.server.endpoint);
    await running.seen("connected");
    const acting = act(slow).catch(() => {});
    // It waits, and is served.
    using next = await dial(running.server.endpoint);
    const { ms, text } = await running.seen("disconnected");
    assertMatch(text, /^(?:idle|open) for 0\.\d s$/);
    assertEquals(ms! < 2000, true, `${ms} ms`);
    await running.seen("connected", 2);
    next.close();
    slow.close();
    await acting;
  });
}
