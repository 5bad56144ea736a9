/** Multicast groups: who receives what, on which interface, until when. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { patternsForGroup } from "../../../src/net/internal.ts";
import {
  CapabilityError,
  type HostEndpoint,
  memoryNetwork,
  multicastInterfaces,
  MulticastReceiver,
  MulticastSender,
  type Network,
  NetwrightError,
  systemNetwork,
  UnsupportedError,
  UsageError,
} from "../../../src/net/mod.ts";
import { freeDatagramPort } from "../../support/ports.ts";

const GROUP: HostEndpoint = { transport: "udp", hostname: "225.1.0.1", port: 2028 };
const OTHER: HostEndpoint = { ...GROUP, hostname: "225.1.0.2" };

const bytes = (text: string) => new TextEncoder().encode(text);

async function received(receiver: MulticastReceiver): Promise<string> {
  return new TextDecoder().decode((await receiver.receive())[0]);
}

const INTERFACES = [
  { name: "lo", address: "127.0.0.1", scopeid: null },
  { name: "eth0", address: "192.0.2.2", scopeid: null },
  { name: "eth0", address: "192.0.2.3", scopeid: null },
  { name: "lo", address: "::1", scopeid: 0 },
  { name: "eth0", address: "2001:db8::2", scopeid: 0 },
  { name: "eth0", address: "fe80::2", scopeid: 4 },
  { name: "tun0", address: "2001:db8:1::2", scopeid: 0 },
];

Deno.test("each interface is a place once, that of loopback last; one of IPv6 has a number", () => {
  assertEquals(multicastInterfaces(INTERFACES, 4), [
    { name: "eth0", address: "192.0.2.2", index: 0 },
    { name: "lo", address: "127.0.0.1", index: 0 },
  ]);
  assertEquals(multicastInterfaces(INTERFACES, 6), [
    { name: "eth0", address: "2001:db8::2", index: 4 },
    { name: "lo", address: "::1", index: 1 },
  ]);
  assertEquals(multicastInterfaces([], 4), []);
});

Deno.test("members receive their group only, until they leave", async (t) => {
  const networks: [string, Network, string][] = [["memory", memoryNetwork(), "0.0.0.0"]];
  networks.push(["loopback", systemNetwork(), "127.0.0.1"]);
  for (const [name, network, address] of networks) {
    await t.step(name, async () => {
      const place = { name, address, index: 0 };
      const options = { places: [place] };
      // A port of the system's choice, so that other tests are not received.
      const port = freeDatagramPort();
      const [group, other] = [{ ...GROUP, port }, { ...OTHER, port }];
      await using one = await MulticastReceiver.join(network, group, options);
      await using two = await MulticastReceiver.join(network, group, options);
      await using third = await MulticastReceiver.join(network, other, options);
      using toGroup = await MulticastSender.open(network, group, options);
      using toOther = await MulticastSender.open(network, other, options);
      await toOther.send(bytes("other"));
      await toGroup.send(bytes("first"));
      assertEquals(await Promise.all([one, two, third].map(received)), ["first", "first", "other"]);
      const [, sender] = await (async () => {
        const coming = one.receive();
        await toGroup.send(bytes("second"));
        return await coming;
      })();
      assert("hostname" in sender);
      const waiting = one.receive();
      const ended = assertRejects(() => waiting, NetwrightError);
      await one[Symbol.asyncDispose]();
      await ended;
      await toGroup.send(bytes("third"));
      assertEquals(await received(two), "second");
      assertEquals(await received(two), "third");
    });
  }
});

Deno.test("addresses that are not groups, too far, or out of scope are refused before anything is sent", async () => {
  const network = memoryNetwork();
  const host = { ...GROUP, hostname: "192.0.2.1" };
  await assertRejects(() => MulticastReceiver.join(network, host), UsageError, "not the address");
  await assertRejects(() => MulticastSender.open(network, host), UsageError, "not the address");
  await assertRejects(() => MulticastSender.open(network, GROUP, { hops: 256 }), UsageError);
  const six = { ...GROUP, hostname: "ff15::1" };
  await assertRejects(
    () => MulticastSender.open(network, six, { hops: 2 }),
    UnsupportedError,
    "hop limit",
  );
  assertThrows(() => patternsForGroup(GROUP, [null!]), TypeError);
  assertEquals(patternsForGroup(six, multicastInterfaces(INTERFACES, 6)), [
    "[ff15::1]:2028",
    "[2001:db8::2]:0",
    "[::1]:0",
  ]);
  const scoped = systemNetwork({ net: ["225.1.0.1:2028", "127.0.0.1:0"] });
  await assertRejects(() => MulticastReceiver.join(scoped, OTHER), CapabilityError);
  const places = [{ name: "lo", address: "127.0.0.1", index: 0 }];
  using sender = await MulticastSender.open(scoped, OTHER, { places });
  await assertRejects(() => sender.send(bytes("no")), CapabilityError);
});

Deno.test("a group of a link is another one on each: all of them are received", async () => {
  const network = memoryNetwork();
  const group = { ...GROUP, hostname: "ff12::5" };
  const places = [1, 2].map((index) => ({ name: `eth${index}`, address: "::", index }));
  await using receiver = await MulticastReceiver.join(network, group, { places });
  using sender = await MulticastSender.open(network, group);
  await sender.send(bytes("once on each"));
  assertEquals(
    [await received(receiver), await received(receiver)],
    ["once on each", "once on each"],
  );
});
