/**
 * `netwright time-of-day receive`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import {
  Deadline,
  formatEndpoint,
  multicastPlaces,
  MulticastReceiver,
  TimeoutError,
} from "../../../net/mod.ts";
import { receiveTimeOfDay, TIME_OF_DAY_GROUP } from "../../../protocols/time_of_day/mod.ts";
import { chosenPlaces, groupOf } from "../../connect/multicast.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const { group, version } = groupOf(args, TIME_OF_DAY_GROUP);
    const places = chosenPlaces(args, context.host, version) ??
      multicastPlaces(context.host.interfaces(), version);
    const count = args.integer("count", { min: 1, fallback: Infinity });
    const waitMs = args.has("wait") ? args.milliseconds("wait", 0) : undefined;
    const { signal } = context;
    await using receiver = await MulticastReceiver.join(context.network, group, { places });
    const times = receiveTimeOfDay(receiver);
    for (let heard = 0; heard < count; heard++) {
      using deadline = new Deadline({ signal, timeoutMs: waitMs }, {
        operation: "hear",
        peer: formatEndpoint(group),
      });
      const next = await deadline.wait(times.next(), () => {}).catch((error) => {
        if (!(error instanceof TimeoutError)) throw error;
        throw new TimeoutError("nobody tells the time", {
          operation: "hear",
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
});
