/** What counts as one client. */

import { assertEquals, assertThrows } from "@std/assert";
import type { Address } from "../../../src/net/mod.ts";
import { ClientCounts } from "../../../src/servers/in_thread/_clients.ts";

const at = (hostname: string): Address => ({ transport: "tcp", hostname, port: 1 });

const ROWS: [prefix: string, first: string, second: string, isSame: boolean][] = [
  ["32,64", "192.0.2.1", "192.0.2.1", true],
  ["32,64", "192.0.2.1", "192.0.2.2", false],
  ["24,64", "192.0.2.1", "192.0.2.2", true],
  ["24,64", "192.0.2.1", "192.0.3.1", false],
  ["32,64", "2001:db8::1", "2001:db8::ffff:1", true],
  ["32,64", "2001:db8::1", "2001:db8:0:1::1", false],
  ["32,48", "2001:db8::1", "2001:db8:0:1::1", true],
  // Clients of IPv4 at a socket of IPv6 are not all one.
  ["32,64", "::ffff:192.0.2.1", "::ffff:192.0.2.2", false],
  ["32,64", "::ffff:192.0.2.1", "192.0.2.1", true],
];

for (const [prefix, first, second, isSame] of ROWS) {
  Deno.test(`${first} and ${second} are ${isSame ? "one" : "two"} by ${prefix}`, () => {
    const [v4, v6] = prefix.split(",").map(Number);
    const clients = new ClientCounts(10, 1, { v4, v6 });
    assertEquals(clients.add(at(first)), undefined);
    const refused = clients.add(at(second));
    assertEquals(refused !== undefined, isSame, refused);
    assertEquals(clients.total, isSame ? 1 : 2);
    clients.remove(at(first));
    assertEquals(clients.add(at(first)), undefined);
  });
}

Deno.test("a refusal names the network, and all have a limit together", () => {
  const clients = new ClientCounts(2, 1, { v4: 24 });
  clients.add(at("192.0.2.7"));
  assertEquals(clients.add(at("192.0.2.9")), "1 connections of 192.0.2.0/24 are open");
  clients.add(at("198.51.100.1"));
  assertEquals(clients.add(at("203.0.113.1")), "2 connections are open");
});

Deno.test("a prefix longer than an address is refused", () => {
  assertThrows(() => new ClientCounts(1, 1, { v4: 33 }), RangeError);
});
