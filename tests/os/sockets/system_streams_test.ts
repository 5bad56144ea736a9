/** Servers with the system's own sockets: conversations that rest, and fairness. */

import { assertEquals, assertRejects } from "@std/assert";
import { cString, libc } from "../../../src/os/libc/libc.ts";
import { closeDescriptor, SystemCallError, SystemStream } from "../../../src/os/internal.ts";
import { systemStreams } from "../../../src/os/mod.ts";
import { POLL, Poller } from "../../../src/os/sockets/poller.ts";
import { closeSocket, receive, send, socketPair } from "../../../src/os/libc/socket_calls.ts";
import {
  type Connection,
  dial,
  parseEndpoint,
  readToEnd,
  systemNetwork,
  UnsupportedError,
} from "../../../src/net/mod.ts";
import { serveMultiplex, type ServeOptions, type Server } from "../../../src/servers/mod.ts";
import type { Service } from "../../../src/services/mod.ts";
import { ROOT } from "../../support/netwright.ts";

const ignore = Deno.build.os !== "linux";
const network = systemNetwork();

/** Counts how often it was called, answers a byte with it, and rests. */
function counting(): Service & { calls: number; over: PromiseWithResolvers<void> } {
  return {
    name: "counting",
    clientSpeaksFirst: true,
    calls: 0,
    over: Promise.withResolvers<void>(),
    async handle(connection, { canPark }): Promise<void | "park"> {
      this.calls++;
      const count = await connection.read(new Uint8Array(1));
      if (count === null) return this.over.resolve();
      await connection.write(Uint8Array.of(this.calls));
      return canPark ? "park" : undefined;
    },
  };
}

function serve(service: Service, options: Partial<ServeOptions> = {}): Server {
  const endpoint = parseEndpoint("127.0.0.1:0");
  return serveMultiplex(service, { network: systemStreams(network), endpoint, ...options });
}

async function ask(client: Connection): Promise<number | undefined> {
  await client.write(Uint8Array.of(1));
  const buffer = new Uint8Array(1);
  return await client.read(buffer) === null ? undefined : buffer[0];
}

Deno.test({ name: "a conversation rests until its client says something", ignore }, async () => {
  const service = counting();
  await using server = serve(service);
  using first = await dial(server.endpoint, { network });
  using second = await dial(server.endpoint, { network });
  assertEquals(await ask(second), 1);
  assertEquals([await ask(first), await ask(first)], [2, 3]);
  assertEquals(await ask(second), 4);
  assertEquals([service.calls, server.status().connections], [4, 2]);
  first.close();
  await service.over.promise;
  assertEquals(await ask(second), 6);
});

Deno.test(
  { name: "a resting conversation has its time-outs, and ends with the server", ignore },
  async () => {
    const ends: string[] = [];
    const log: ServeOptions["log"] = ({ kind, text }) => {
      if (kind === "disconnected" || kind === "failed") ends.push(`${kind}: ${text}`);
    };
    {
      await using server = serve(counting(), { idleTimeoutMs: 50, log });
      using client = await dial(server.endpoint, { network });
      await ask(client);
      assertEquals((await readToEnd(client)).length, 0);
    }
    assertEquals(ends.splice(0), ["disconnected: idle for 0.05 s"]);
    const server = serve(counting(), { log });
    using silent = await dial(server.endpoint, { network });
    using client = await dial(server.endpoint, { network });
    await ask(client);
    await server.shutdown(0);
    assertEquals((await readToEnd(client)).length, 0);
    assertEquals((await readToEnd(silent)).length, 0);
    assertEquals(ends, ["disconnected: ended by shutdown", "disconnected: ended by shutdown"]);
  },
);

Deno.test(
  { name: "a stream that always has more lets timers have their turn", ignore },
  async () => {
    const [ours, theirs] = socketPair()!;
    const address = { transport: "unix", path: "" } as const;
    using stream = new SystemStream(ours, address, address);
    assertEquals(send(theirs, new Uint8Array(10_000)), 10_000);
    let fired = false;
    const timer = setTimeout(() => fired = true, 0);
    const buffer = new Uint8Array(1);
    let reads = 0;
    while (!fired && reads < 10_000) reads += (await stream.read(buffer))!;
    clearTimeout(timer);
    assertEquals(fired, true);
    closeSocket(theirs);
  },
);

Deno.test({ name: "a poller has many waits for one descriptor", ignore }, async () => {
  const poller = new Poller();
  const [ours, theirs] = socketPair()!;
  const reading = poller.wait(ours, POLL.in);
  assertEquals(await poller.wait(ours, POLL.out), POLL.out);
  const again = poller.wait(ours, POLL.in);
  send(theirs, Uint8Array.of(1));
  assertEquals([await reading, await again], [POLL.in, POLL.in]);
  receive(ours, new Uint8Array(1));
  const forgotten = [poller.wait(ours, POLL.in), poller.wait(ours, POLL.in)];
  poller.forget(ours);
  for (const wait of forgotten) await assertRejects(() => wait, UnsupportedError, "was closed");
  const other = poller.wait(ours, POLL.in);
  closeSocket(theirs);
  assertEquals(await other & POLL.hangUp, POLL.hangUp);
  closeSocket(ours);
});

Deno.test({ name: "a poller reports ready descriptors, and invalid ones", ignore }, async () => {
  const poller = new Poller();
  const file = libc().open(cString("/dev/null"), 0, 0);
  assertEquals(await poller.wait(file, POLL.in), POLL.in);
  closeDescriptor(file);
  await assertRejects(() => poller.wait(-1, POLL.in), SystemCallError);
});

const WAITS: readonly [program: string, says: string][] = [
  // Standard input is a device.
  ["console.log(await poller.wait(0, 1))", "1\n"],
  [
    `const [ours] = socketPair();
    poller.wait(ours, 1).catch(({ message }) => console.log(message));
    poller.forget(ours);`,
    "Cannot wait: the descriptor was closed\n",
  ],
];

Deno.test({ name: "a poller keeps a program alive no longer than it waits", ignore }, async () => {
  for (const [program, says] of WAITS) {
    const imports = `import { Poller } from "./src/os/sockets/poller.ts";
      import { socketPair } from "./src/os/libc/socket_calls.ts";
      const poller = new Poller();`;
    const command = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", `${imports}${program}`],
      cwd: ROOT,
      stdin: "null",
      signal: AbortSignal.timeout(30_000),
    });
    const { code, stdout } = await command.output();
    assertEquals([code, new TextDecoder().decode(stdout)], [0, says]);
  }
});
