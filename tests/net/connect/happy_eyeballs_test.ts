import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { dialAddresses, interleaveFamilies } from "../../../src/net/internal.ts";
import {
  ConnectError,
  type Connection,
  memoryNetwork,
  type Network,
  overrideNetwork,
  systemNetwork,
  TimeoutError,
} from "../../../src/net/mod.ts";

type Behaviour = "answers" | "refuses" | "is silent";

/** A network with scripted addresses; `log` has the attempts and how they ended. */
function networkOf(hosts: Readonly<Record<string, Behaviour>>): {
  readonly network: Network;
  readonly log: string[];
  readonly open: Set<string>;
} {
  const log: string[] = [];
  const open = new Set<string>();
  const network = overrideNetwork(memoryNetwork(), {
    async connect(options): Promise<Connection> {
      const { hostname = "", signal } = options as { hostname?: string; signal: AbortSignal };
      log.push(hostname);
      const behaviour = hosts[hostname];
      if (behaviour === "refuses") {
        throw new ConnectError("connection refused", { kind: "refused", peer: hostname });
      }
      if (behaviour === "is silent") {
        await new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason))
        )
          .finally(() => log.push(`${hostname} given up`));
      }
      open.add(hostname);
      return { hostname, close: () => open.delete(hostname) } as unknown as Connection;
    },
  });
  return { network, log, open };
}

const hostOf = (connection: Connection): string =>
  (connection as unknown as { hostname: string }).hostname;

Deno.test("interleaveFamilies() tries IPv6 first, then the families in turn", () => {
  assertEquals(interleaveFamilies([]), []);
  assertEquals(interleaveFamilies(["a4", "b4"]), ["a4", "b4"]);
  assertEquals(interleaveFamilies(["1.1.1.1", "1.1.1.2", "1.1.1.3", "::1", "::2"]), [
    "::1",
    "1.1.1.1",
    "::2",
    "1.1.1.2",
    "1.1.1.3",
  ]);
});

Deno.test("dialAddresses() takes the first that answers", async (t) => {
  const cases: readonly [
    name: string,
    hosts: Readonly<Record<string, Behaviour>>,
    winner: string,
    log: readonly string[],
  ][] = [
    ["at once", { "1.1.1.1": "answers", "::1": "answers" }, "::1", ["::1"]],
    ["after a refusal", { "1.1.1.1": "answers", "::1": "refuses" }, "1.1.1.1", ["::1", "1.1.1.1"]],
    ["beside a silent one", { "1.1.1.1": "answers", "::1": "is silent" }, "1.1.1.1", [
      "::1",
      "1.1.1.1",
      "::1 given up",
    ]],
  ];
  for (const [name, hosts, winner, requested] of cases) {
    await t.step(name, async () => {
      const { network, log, open } = networkOf(hosts);
      const connection = await dialAddresses(network, Object.keys(hosts), 25, {
        attemptDelayMs: 5,
      });
      assertEquals(hostOf(connection), winner);
      await new Promise((resolve) => setTimeout(resolve, 0));
      assertEquals([log, [...open]], [requested, [winner]]);
    });
  }
});

Deno.test("dialAddresses() fails as the first one did, in time, or as the signal says", async () => {
  const refusing = networkOf({ "::1": "refuses", "::2": "refuses", "1.1.1.1": "refuses" });
  const error = await dialAddresses(refusing.network, ["1.1.1.1", "::1", "::2"], 25).catch((e) =>
    e
  );
  assertInstanceOf(error, ConnectError);
  assertEquals([error.peer, refusing.log], ["::1", ["::1", "1.1.1.1", "::2"]]);
  const silent = { "::1": "is silent", "::2": "is silent" } as const;
  const options = { timeoutMs: 20, attemptDelayMs: 5 };
  await assertRejects(
    () => dialAddresses(networkOf(silent).network, Object.keys(silent), 25, options),
    TimeoutError,
    "not done within 0.02 s",
  );
  const controller = new AbortController();
  const dialing = dialAddresses(networkOf(silent).network, Object.keys(silent), 25, {
    signal: controller.signal,
  }).catch((e) => e);
  controller.abort("enough");
  assertEquals(await dialing, "enough");
  await assertRejects(() => dialAddresses(memoryNetwork(), [], 25), TypeError);
});

Deno.test("dialAddresses() and names reach a server on one family of loopback only", async () => {
  const network = systemNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  for (
    const connect of [
      () => dialAddresses(network, ["::1", "127.0.0.1"], port),
      () => network.connect({ hostname: "localhost", port }),
    ]
  ) {
    const accepted = listener.accept();
    using connection = await connect();
    using _server = await accepted;
    assert((connection.remoteAddr as Deno.NetAddr).hostname === "127.0.0.1");
  }
});
