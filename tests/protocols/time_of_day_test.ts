/** The multicast time of day: its datagrams, and its tick. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { memoryNetwork, MulticastReceiver, MulticastSender } from "../../src/net/mod.ts";
import {
  decodeTimeOfDay,
  encodeTimeOfDay,
  TIME_OF_DAY_GROUP,
} from "../../src/protocols/time_of_day/internal.ts";
import { receiveTimeOfDay, sendTimeOfDay } from "../../src/protocols/time_of_day/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a datagram is the local time, a slash, and the host", () => {
  const datagram = encodeTimeOfDay(new Date("2026-11-05T07:08:09Z"), "pizza", "America/New_York");
  assertEquals(new TextDecoder().decode(datagram), "Thu Nov  5 02:08:09 2026/pizza");
  assertEquals(decodeTimeOfDay(datagram), { time: "Thu Nov  5 02:08:09 2026", hostname: "pizza" });
  assertThrows(() => encodeTimeOfDay(new Date(), "pizza", "Nowhere/City"), RangeError);
});

Deno.test("other datagrams are passed over, and nothing reaches the terminal unescaped", () => {
  for (const text of ["", "/", "a/", "/b", "a/b/c", "no slash"]) {
    assertEquals(decodeTimeOfDay(bytes(text)), undefined, text);
  }
  assertEquals(decodeTimeOfDay(bytes("now\x1b[2J/host\x07\n")), {
    time: "now\\x1b[2J",
    hostname: "host\\x07",
  });
  // The property below found this one (seed -36743241).
  assertEquals(decodeTimeOfDay(new Uint8Array([0, 47, 9, 0])), {
    time: "\\x00",
    hostname: "\\x09\\x00",
  });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (datagram) => {
    const reported = decodeTimeOfDay(datagram);
    // deno-lint-ignore no-control-regex
    assert(reported === undefined || !/[\x00-\x1f\x7f]/.test(reported.time + reported.hostname));
  }));
});

Deno.test("the time is sent on the tick, so many times, and received by the members", async () => {
  const network = memoryNetwork();
  await using receiver = await MulticastReceiver.join(network, TIME_OF_DAY_GROUP);
  using sender = await MulticastSender.open(network, TIME_OF_DAY_GROUP);
  const reported: number[] = [];
  await sender.send(bytes("noise"));
  await sendTimeOfDay(sender, {
    ...{ hostname: "pizza", everyMs: 50, count: 3 },
    onSent: (time) => void reported.push(time.getTime()),
  });
  assertEquals(new Set(reported.map((time) => Math.floor(time / 50))).size, 3);
  const times = receiveTimeOfDay(receiver);
  for (let n = 0; n < 3; n++) {
    const { value } = await times.next();
    assertEquals([value?.hostname, value?.sender], ["pizza", {
      transport: "udp",
      hostname: "0.0.0.0",
      port: (value?.sender as Deno.NetAddr).port,
    }]);
  }
});

Deno.test("its signal ends it", async () => {
  using sender = await MulticastSender.open(memoryNetwork(), TIME_OF_DAY_GROUP);
  const signal = AbortSignal.abort(new RangeError("enough"));
  await assertRejects(() => sendTimeOfDay(sender, { hostname: "pizza", signal }), RangeError);
});
