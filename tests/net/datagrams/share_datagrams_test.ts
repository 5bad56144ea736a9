/** Many hosts through one socket. */

import { assertEquals, assertRejects } from "@std/assert";
import { shareDatagrams } from "../../../src/net/internal.ts";
import {
  askDatagram,
  type HostEndpoint,
  memoryNetwork,
  type Network,
  overrideNetwork,
  systemNetwork,
  TimeoutError,
} from "../../../src/net/mod.ts";
import { serveDatagrams } from "../../../src/servers/mod.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("each asks its host, all through one socket", async (t) => {
  const networks: [string, Network][] = [["memory", memoryNetwork()]];
  networks.push(["loopback", systemNetwork()]);
  for (const [name, network] of networks) {
    await t.step(name, async () => {
      await using stack = new AsyncDisposableStack();
      const servers = Array.from({ length: 20 }, (_, n) => {
        const reply = (message: Uint8Array) => bytes(`${n} ${text(message)}`);
        const endpoint = { transport: "udp", hostname: "127.0.0.1", port: 0 } as const;
        return stack.use(serveDatagrams({ name: "numbered", reply }, { network, endpoint }));
      });
      let sockets = 0;
      const counting = overrideNetwork(network, {
        listenDatagram(options) {
          sockets++;
          return network.listenDatagram(options);
        },
      });
      using shared = shareDatagrams(counting);
      const ask = (server: number, question: string) =>
        askDatagram(servers[server]!.endpoint as HostEndpoint, bytes(question), {
          network: shared,
        });
      const answers = await Promise.all(servers.map((_, n) => ask(n, "hello")));
      assertEquals(answers.map(text), servers.map((_, n) => `${n} hello`));
      assertEquals(sockets, 1);
      // Two questions to one host: each gets one of the answers.
      const twice = await Promise.all([ask(3, "one"), ask(3, "two")]);
      assertEquals(twice.map(text).sort(), ["3 one", "3 two"]);
      assertEquals(text(await ask(3, "three")), "3 three");
      assertEquals(sockets, 1);
    });
  }
});

Deno.test("one without an answer does not hold the others up; others' sockets are theirs", async () => {
  const network = memoryNetwork({ time: "real" });
  const endpoint = { transport: "udp", hostname: "127.0.0.1", port: 7 } as const;
  const echo = { name: "echo", reply: (message: Uint8Array) => message };
  await using _server = serveDatagrams(echo, { network, endpoint });
  using shared = shareDatagrams(network);
  const silent = { ...endpoint, port: 9 };
  const nobody = assertRejects(
    () => askDatagram(silent, bytes("x"), { network: shared, timeoutMs: 50, tries: 1 }),
    TimeoutError,
  );
  assertEquals(text(await askDatagram(endpoint, bytes("x"), { network: shared })), "x");
  await nobody;
  const bound = shared.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 5000 });
  assertEquals((bound.addr as Deno.NetAddr).port, 5000);
  bound.close();
  const part = shared.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
  const receiving = part.receive();
  await assertRejects(() => part.receive(), Deno.errors.Busy);
  part.close();
  await assertRejects(() => receiving, Deno.errors.Interrupted);
});
