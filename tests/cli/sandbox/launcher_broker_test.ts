import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { parseCall } from "../../../src/cli/sandbox/broker_calls.ts";
import { parseArguments } from "../../../src/cli/command/arguments.ts";
import { findCommand } from "../../../src/cli/command/find_command.ts";
import { systemHost } from "../../../src/cli/command/host.ts";
import { forWorkers } from "../../../src/cli/sandbox/launch.ts";
import { LauncherBroker } from "../../../src/cli/sandbox/launcher_broker.ts";
import { type BrokerManifest, NO_BROKER } from "../../../src/cli/command/broker.ts";
import { LIBC_PATHS } from "../../../src/net/internal.ts";
import {
  type Capabilities,
  CapabilityError,
  dial,
  LimitError,
  parseEndpoint,
  readToEnd,
  systemNetwork,
  UsageError,
} from "../../../src/net/mod.ts";
import { MODEL_CHOICES } from "../../support/model_conversations.ts";
import { serveThread } from "../../../src/servers/mod.ts";
import { attemptNames } from "../../../src/services/hostile/attempts.ts";

function manifest(capabilities: Capabilities): BrokerManifest {
  return { ...NO_BROKER, workers: capabilities };
}

const MALFORMED: readonly unknown[] = [
  undefined,
  null,
  1,
  "start",
  [],
  {},
  { call: "ended" },
  { call: "ended", status: 256 },
  { call: "ended", status: -1 },
  { call: "stop", id: "1" },
  { call: "start", id: 1 },
  { call: "start", id: 1, module: 1, capabilities: {} },
  { call: "start", id: 1, module: "x", capabilities: [] },
  { call: "start", id: 1, module: "x", capabilities: { net: "a" } },
  { call: "start", id: 1, module: "x", capabilities: { net: [1] } },
  { call: "start", id: 1, module: "x", capabilities: { net: [""] } },
  { call: "start", id: 1, module: "x", capabilities: { net: false } },
  { call: "start", id: 1, module: "x", capabilities: { all: true } },
  { call: "start", id: 1, module: "x", capabilities: { read: Array(1001).fill("/a") } },
  { call: "start", id: 1, module: "x", capabilities: {}, socket: "1" },
  { call: "listen", id: 1 },
  { call: "listen", id: 1, endpoint: "x".repeat(5000) },
  { call: "accept", id: 1 },
  { call: "startProcess", order: {} },
  { call: "start", id: 1.5, module: "x", capabilities: {} },
  { call: "start", id: 1, module: "x".repeat(101), capabilities: {} },
];

Deno.test("parseCall() accepts well-formed calls only", () => {
  for (const data of MALFORMED) assertEquals(parseCall(data), undefined, JSON.stringify(data));
  const good = {
    call: "start",
    id: 1,
    module: "x",
    capabilities: { net: ["a:1"], run: true },
    socket: undefined,
  };
  assertEquals(parseCall(good) as unknown, good);
});

Deno.test("LauncherBroker gives out no more than its manifest, and only modules of its table", async () => {
  using broker = new LauncherBroker(manifest({ net: ["127.0.0.1"], read: ["/tmp"] }));
  for (
    const more of [{ net: true }, { net: ["a:1"] }, { read: ["/tmp/../etc"] }, {
      run: ["sh"],
    }] as const
  ) {
    await assertRejects(() => broker.start("service", more), CapabilityError);
  }
  for (const module of ["", "tour/nothing", "toString", "../x", "data:text/javascript,"]) {
    await assertRejects(() => broker.start(module, {}), UsageError);
  }
});

Deno.test("hostile code in a worker is refused everything by the runtime but its one host", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const allowed = `127.0.0.1:${listener.addr.port}`;
  const network = systemNetwork();
  using broker = new LauncherBroker(manifest({ net: [allowed] }));
  await using server = await serveThread(
    { service: "hostile", configuration: { allowed } },
    { network, broker, endpoint: parseEndpoint("127.0.0.1:0") },
  );
  using client = await dial(server.endpoint, { network });
  (await accepted).close();
  const reported = new TextDecoder().decode(await readToEnd(client)).trimEnd().split("\r\n");
  const [first, ...others] = reported.map((line) => line.split("\t")[0]);
  assertEquals(first, "done");
  assertEquals(others, attemptNames().map(() => "refused"), reported.join("\n"));
});

Deno.test("the launcher gives no model's command a worker with more than its service needs", async (t) => {
  for (const choice of MODEL_CHOICES) {
    await t.step(choice, async () => {
      const words = [
        "serve",
        "hostile",
        "--listen",
        "127.0.0.1:0",
        "--model",
        ...choice.split(" "),
      ];
      const found = await findCommand(COMMANDS, words);
      const args = parseArguments(found!.words, found!.command);
      const plan = await found!.command.plan(args, systemHost);
      const own = found!.command.capabilities(plan);
      const manifest = found!.command.brokered!(plan);
      using broker = new LauncherBroker(forWorkers(manifest, own));
      for (
        const more of [
          { ffi: LIBC_PATHS },
          { ffi: true },
          { read: [import.meta.dirname!] },
          { read: ["/"] },
          { write: ["/tmp"] },
          { run: ["true"] },
          { env: true },
          { sys: true },
          { net: true },
        ] as const
      ) {
        for (const module of ["service", "load", "process"]) {
          await assertRejects(() => broker.start(module, more), CapabilityError);
        }
      }
    });
  }
});

Deno.test("the launcher hands a socket to a service only, and no worker is granted ffi by a manifest", async () => {
  using broker = new LauncherBroker({ ...NO_BROKER, listen: ["127.0.0.1:0"] });
  using socket = await broker.listen(parseEndpoint("127.0.0.1:0"));
  for (const module of ["load", "process"]) {
    await assertRejects(() => broker.start(module, {}, socket), UsageError);
  }
  assertThrows(() => new LauncherBroker({ ...NO_BROKER, workers: { ffi: true } }), TypeError);
});

Deno.test("programs on terminals: only those of the manifest, and only so many", async () => {
  const manifest = { ...NO_BROKER, programs: [["sleep", "100"]] };
  using broker = new LauncherBroker(manifest);
  const order = { argv: ["sleep", "100"], columns: 80, rows: 24 };
  for (const argv of [["sleep", "1"], ["sleep"], ["sh"], []]) {
    await assertRejects(() => broker.startOnTerminal({ ...order, argv }), CapabilityError);
  }
  for (let count = 0; count < 8; count++) await broker.startOnTerminal(order);
  await assertRejects(() => broker.startOnTerminal(order), LimitError, "8 programs run already");
});
