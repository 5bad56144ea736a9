import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  ConnectError,
  lookUp,
  lookUpMany,
  memoryNetwork,
  type Network,
  overrideNetwork,
  TimeoutError,
} from "../../../src/net/mod.ts";

const RECORDS = {
  "a.example": { A: ["192.0.2.1", "192.0.2.2"], AAAA: ["2001:db8::1"], TXT: [["x", "y"]] },
  "mx.example": { MX: [{ preference: 10, exchange: "a.example." }] },
  "1.2.0.192.in-addr.arpa": { PTR: ["a.example."] },
  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa": {
    PTR: ["six.example."],
  },
};

const shown = async (network: Network, name: string, ...types: ("A" | "MX" | "TXT")[]) =>
  (await lookUp(name, { network, ...types.length > 0 ? { types } : {} })).map(({ type, value }) =>
    `${type} ${typeof value === "string" ? value : JSON.stringify(value)}`
  );

Deno.test("lookUp() finds addresses, names and other records", async () => {
  const network = memoryNetwork({ records: RECORDS });
  assertEquals(await shown(network, "A.example."), [
    "A 192.0.2.1",
    "A 192.0.2.2",
    "AAAA 2001:db8::1",
  ]);
  assertEquals(await shown(network, "192.0.2.1"), ["PTR a.example"]);
  assertEquals(await shown(network, "2001:db8::1"), ["PTR six.example"]);
  assertEquals(await shown(network, "a.example", "TXT", "MX"), ['TXT ["x","y"]']);
  const none: readonly [name: string, says: string][] = [
    ["b.example", "b.example: name not found"],
    ["", "not a valid DNS name"],
    ["a..b", "not a valid DNS name"],
    [`${"x".repeat(64)}.example`, "not a valid DNS name"],
    ["a b", "not a valid DNS name"],
    ["\x1b[2J", "\\x1b[2J: it is not a valid DNS name"],
  ];
  for (const [name, says] of none) {
    const error = await assertRejects(() => lookUp(name, { network }), ConnectError, says);
    assertEquals(error.kind, "name not found");
  }
  await assertRejects(
    () => lookUp("mx.example", { network, types: ["A", "TXT"] }),
    ConnectError,
    "no A or TXT record",
  );
});

/** A network with scripted name servers. */
function servers(
  behaviour: Readonly<Record<string, "answers" | "refuses" | "is silent" | "knows nothing">>,
): {
  readonly network: Network;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const network = memoryNetwork({ records: RECORDS });
  const resolve: Network["resolve"] = async (name, type, options) => {
    const server = options!.nameServer!.ipAddr;
    asked.push(server);
    switch (behaviour[server]) {
      case "refuses":
        throw new ConnectError("connection refused", { kind: "refused" });
      case "knows nothing":
        throw new ConnectError("name not found", { kind: "name not found" });
      case "is silent":
        return await new Promise((_, reject) => {
          options!.signal!.addEventListener("abort", () => reject(options!.signal!.reason));
        });
      default:
        return await network.resolve(name, type);
    }
  };
  return { asked, network: overrideNetwork(network, { resolve }) };
}

Deno.test("lookUp() asks the next server only if one does not answer", async () => {
  const ask = async (behaviour: Parameters<typeof servers>[0]) => {
    const { network, asked } = servers(behaviour);
    const addresses = Object.keys(behaviour).map((hostname) =>
      ({ transport: "udp", hostname, port: 53 }) as const
    );
    const outcome = await lookUp("a.example", {
      network,
      types: ["TXT"],
      servers: addresses,
      timeoutMs: 50,
    })
      .then(() => "found", (error) => error);
    return [outcome instanceof Error ? outcome.constructor : outcome, asked.join(" ")];
  };
  assertEquals(await ask({ "1.1.1.1": "answers", "2.2.2.2": "answers" }), ["found", "1.1.1.1"]);
  assertEquals(await ask({ "1.1.1.1": "refuses", "2.2.2.2": "answers" }), [
    "found",
    "1.1.1.1 2.2.2.2",
  ]);
  assertEquals(await ask({ "1.1.1.1": "knows nothing", "2.2.2.2": "answers" }), [
    ConnectError,
    "1.1.1.1",
  ]);
  assertEquals(await ask({ "1.1.1.1": "is silent" }), [TimeoutError, "1.1.1.1"]);
  assertEquals(await ask({}), [ConnectError, ""]);
});

Deno.test("lookUpMany() yields results in the order of the names, many at once", async () => {
  let now = 0;
  let most = 0;
  const inner = memoryNetwork({ records: RECORDS });
  const network = overrideNetwork(inner, {
    async resolve(name, type, options) {
      most = Math.max(most, ++now);
      // The first ones take longest.
      for (let i = name.length; i < 40; i++) await Promise.resolve();
      return await inner.resolve(name, type, options).finally(() => now--);
    },
  });
  const names = Array.from(
    { length: 100 },
    (_, i) => i % 3 === 0 ? `${"x".repeat(i % 30)}.none` : "a.example",
  );
  const options = { types: ["A"] as const, concurrency: 8 };
  const found = await Array.fromAsync(lookUpMany(names, { network, ...options }));
  assertEquals(found.map(({ name }) => name), names);
  assertEquals(most, 8);
  for (const { name, answers, error } of found) {
    assertEquals(answers.length, name === "a.example" ? 2 : 0);
    if (name !== "a.example") assertInstanceOf(error, ConnectError);
  }
});
