/**
 * A row of the tour.
 *
 * @module
 */

import { memoryNetwork, MulticastReceiver, MulticastSender } from "../../../../net/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 21.1. */
export const row: TourRow = {
  id: "21.1",
  program: "MulticastReceiver, MulticastSender",
  checked: "groups joined and left, IPv4 and IPv6: members receive, others do not; in memory",
  async run() {
    const network = memoryNetwork();
    for (const hostname of ["225.1.0.1", "ff12::1"]) {
      const group = { transport: "udp", hostname, port: 2028 } as const;
      const other = { ...group, hostname: hostname.replace(/1$/, "2") };
      await using member = await MulticastReceiver.join(network, group);
      await using stranger = await MulticastReceiver.join(network, other);
      using toGroup = await MulticastSender.open(network, group);
      using toOther = await MulticastSender.open(network, other);
      await toGroup.send(Uint8Array.of(1));
      await toOther.send(Uint8Array.of(2));
      expect((await member.receive())[0][0] === 1, "the member received nothing from its group");
      expect((await stranger.receive())[0][0] === 2, "a datagram of one group reached another");
      const after = member.receive().then(() => "heard", () => "ended");
      await member[Symbol.asyncDispose]();
      await toGroup.send(Uint8Array.of(3));
      expect(await after === "ended", "a datagram arrived after the group was left");
    }
  },
};
