import { assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityError,
  ConnectError,
  DestinationGate,
  type HostEndpoint,
  memoryNetwork,
  overrideNetwork,
} from "../../../src/net/mod.ts";
import { GOOD_HOSTS, HOSTILE_HOSTS } from "../../support/hostile_destinations.ts";

const tcp = (hostname: string, port = 25): HostEndpoint => ({ transport: "tcp", hostname, port });

Deno.test("DestinationGate lets no peer send us inside", async (t) => {
  const gate = new DestinationGate({ capabilities: { net: true }, named: ["ftp.example.org"] });
  for (const [host, why] of HOSTILE_HOSTS) {
    await t.step(`${host}: ${why}`, async () => {
      await assertRejects(
        () => gate.admit(tcp(host), memoryNetwork()),
        CapabilityError,
        "the peer named",
      );
      // The same behind a name, alone or beside a good address.
      const type = host.includes(":") ? "AAAA" : "A";
      for (
        const records of [{ [type]: [host] }, { A: ["93.184.216.34"], AAAA: [], [type]: [host] }]
      ) {
        const network = memoryNetwork({ records: { "evil.example": records } });
        await assertRejects(() => gate.admit(tcp("evil.example"), network), CapabilityError);
        await assertRejects(() => gate.connect(tcp("evil.example"), network), CapabilityError);
      }
    });
  }
  await t.step("localhost", async () => {
    await assertRejects(() => gate.admit(tcp("LOCALHOST."), memoryNetwork()), CapabilityError);
  });
});

Deno.test("DestinationGate admits public addresses, and those that the user named", async () => {
  const gate = new DestinationGate({
    capabilities: { net: true },
    named: ["FTP.example.org", "10.0.0.7"],
  });
  for (const host of GOOD_HOSTS) {
    assertEquals((await gate.admit(tcp(host), memoryNetwork())).hostname, host);
  }
  for (const host of ["ftp.EXAMPLE.org", "10.0.0.7"]) {
    assertEquals(await gate.admit(tcp(host), memoryNetwork()), tcp(host));
  }
  await assertRejects(() => gate.admit(tcp("10.0.0.8"), memoryNetwork()), CapabilityError);
  await assertRejects(() => gate.admit(tcp("nowhere.example"), memoryNetwork()), ConnectError);
});

Deno.test("DestinationGate connects to the address that it checked, and within the scope", async () => {
  let asked = 0;
  const inner = memoryNetwork({ records: { "mx.example": { A: ["93.184.216.34"] } } });
  const network = overrideNetwork(inner, {
    // A name server that gives an inner address at the second look-up (DNS rebinding).
    resolve: (name, type, options) => {
      if (type === "A" && ++asked > 1) return Promise.resolve(["127.0.0.1"] as never);
      return inner.resolve(name, type, options);
    },
  });
  using listener = inner.listen({ hostname: "93.184.216.34", port: 25 });
  const accepted = listener.accept();
  const gate = new DestinationGate({ capabilities: { net: ["mx.example:25"] } });
  using _connection = await gate.connect(tcp("mx.example"), network);
  using _server = await accepted;
  assertEquals(asked, 1);
  await assertRejects(
    () => gate.connect(tcp("mx.example", 26), network),
    CapabilityError,
    "out of scope",
  );
  await assertRejects(
    () => gate.admit(tcp("93.184.216.34"), network),
    CapabilityError,
    "out of scope",
  );
});
