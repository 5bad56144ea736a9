/**
 * A row of the tour.
 *
 * @module
 */

import { memoryNetwork, MulticastReceiver, MulticastSender } from "../../../../net/mod.ts";
import { TIME_OF_DAY_GROUP, TIME_OF_DAY_HOPS } from "../../../../protocols/time_of_day/internal.ts";
import { receiveTimeOfDay, sendTimeOfDay } from "../../../../protocols/time_of_day/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 21.2. */
export const row: TourRow = {
  id: "21.2",
  program: "time-of-day send, receive",
  checked: "a group receives the time on the tick, and the sender's name; in memory",
  async run({ signal }) {
    const network = memoryNetwork();
    await using receiver = await MulticastReceiver.join(network, TIME_OF_DAY_GROUP);
    using sender = await MulticastSender.open(network, TIME_OF_DAY_GROUP, {
      hops: TIME_OF_DAY_HOPS,
    });
    const options = { hostname: "pizza", everyMs: 100, count: 2, signal };
    await sendTimeOfDay(sender, options);
    const times = receiveTimeOfDay(receiver);
    for (let n = 0; n < options.count; n++) {
      const { value } = await times.next();
      expect(value?.hostname === "pizza", "another host name was received");
      expect(
        /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(value.time),
        `no time: ${value.time}`,
      );
    }
  },
};
