/** How many datagrams clients may send, and how much may be answered. */

import { assertEquals } from "@std/assert";
import { ClientRates } from "../../../src/servers/datagrams/_client_rates.ts";
import { delay } from "../../../src/net/internal.ts";
import { type Address, memoryNetwork } from "../../../src/net/mod.ts";
import { serveDatagrams, type ServerEvent } from "../../../src/servers/mod.ts";

const at = (hostname: string): Address => ({ transport: "udp", hostname, port: 4000 });

Deno.test("a client has so many datagrams a second, and as many at once", () => {
  let now = 0;
  const rates = new ClientRates(10, { v4: 24 }, () => now);
  const client = at("192.0.2.1");
  const take = (count: number, who = client) =>
    Array.from({ length: count }, () => rates.take(who)).join(" ");
  assertEquals(take(10), Array(10).fill("yes").join(" "));
  assertEquals(take(3), "now no no");
  // Its neighbour is the same client, others are not.
  assertEquals(take(1, at("192.0.2.99")), "no");
  assertEquals(take(1, at("198.51.100.1")), "yes");
  assertEquals(take(1, at("2001:db8::1")), "yes");
  now += 250;
  assertEquals(take(4), "yes yes now no");
  now += 3_600_000;
  assertEquals(take(11), `${Array(10).fill("yes").join(" ")} now`);
});

Deno.test("an answer counts as often as it is larger than its question", () => {
  let now = 0;
  const rates = new ClientRates(100, undefined, () => now);
  const forged = at("192.0.2.1");
  let answered = 0;
  for (let second = 0; second < 10; second++) {
    for (let n = 0; n < 1000; n++) {
      if (rates.take(forged) !== "yes") continue;
      answered++;
      rates.answered(forged, 1, 50);
    }
    now += 1000;
  }
  // 100 bytes a second for each byte that was asked, and a second's worth at once.
  assertEquals(answered, 20);
  for (let n = 0; n < 100; n++) {
    assertEquals(rates.take(at("192.0.2.2")), "yes");
    rates.answered(at("192.0.2.2"), 50, 50);
  }
});

Deno.test("this host's clients are free; the oldest of too many is forgotten", () => {
  const rates = new ClientRates(1, undefined, () => 0);
  for (const hostname of ["127.0.0.1", "::1", "127.9.9.9"]) {
    for (let n = 0; n < 5; n++) assertEquals(rates.take(at(hostname)), "yes");
  }
  assertEquals(rates.take({ transport: "unixpacket", path: "/x" }), "yes");
  assertEquals([rates.take(at("192.0.2.1")), rates.take(at("192.0.2.1"))], ["yes", "now"]);
  for (let n = 0; n < 65_536; n++) rates.take(at(`10.${n >> 8}.${n & 255}.1`));
  assertEquals(rates.take(at("192.0.2.1")), "yes");
});

Deno.test("a server drops excess datagrams, and reports it once", async () => {
  const network = memoryNetwork();
  const events: ServerEvent[] = [];
  const endpoint = { transport: "udp", hostname: "192.0.2.9", port: 7 } as const;
  const echo = { name: "echo", reply: (message: Uint8Array) => message };
  await using server = serveDatagrams(echo, {
    ...{ network, endpoint, clientRate: 3, log: (event) => void events.push(event) },
  });
  const client = network.listenDatagram({ transport: "udp", hostname: "192.0.2.1", port: 0 });
  for (let n = 0; n < 6; n++) await client.send(Uint8Array.of(n), endpoint);
  for (let n = 0; n < 3; n++) assertEquals((await client.receive())[0], Uint8Array.of(n));
  client.close();
  for (let turn = 0; turn < 100 && server.status().refused < 3; turn++) await delay(1);
  const { accepted, refused } = server.status();
  assertEquals([accepted, refused], [3, 3]);
  assertEquals(events.filter(({ kind }) => kind === "refused").map(({ text }) => text), [
    "more datagrams a second than a client may send",
  ]);
});
