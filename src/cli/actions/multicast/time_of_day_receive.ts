/**
 * `netwright time-of-day receive`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { TimeOfDayReceivePlan } from "../../commands/multicast/time_of_day_receive.ts";
import {
  Deadline,
  formatEndpoint,
  multicastInterfaces,
  MulticastReceiver,
  TimeoutError,
} from "../../../net/mod.ts";
import { receiveTimeOfDay } from "../../../protocols/time_of_day/mod.ts";

/** The command, in the sandbox. */
export const action: Action<TimeOfDayReceivePlan> = {
  async run({ group, version, places: chosen, count, waitMs }, context) {
    const places = chosen ?? multicastInterfaces(context.host.interfaces(), version);
    const { signal } = context;
    await using receiver = await MulticastReceiver.join(context.network, group, { places });
    const times = receiveTimeOfDay(receiver);
    for (let received = 0; received < count; received++) {
      using deadline = new Deadline({ signal, timeoutMs: waitMs }, {
        operation: "receive",
        peer: formatEndpoint(group),
      });
      const next = await deadline.wait(times.next(), () => {}).catch((error) => {
        if (!(error instanceof TimeoutError)) throw error;
        throw new TimeoutError("no time was received", {
          operation: "receive",
          peer: formatEndpoint(group),
          cause: error,
        });
      });
      if (next.done) break;
      const { time, hostname, sender } = next.value;
      const from = "hostname" in sender ? sender.hostname : formatEndpoint(sender);
      if (context.json) await context.stdout.json({ time, hostname, from });
      else await context.stdout.line(`${time}\t${hostname}\t${from}`);
    }
  },
};
