/**
 * `netwright time-of-day send`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { MulticastSender } from "../../../net/mod.ts";
import {
  encodeTimeOfDay,
  sendTimeOfDay,
  TIME_OF_DAY_EVERY_MS,
  TIME_OF_DAY_GROUP,
  TIME_OF_DAY_HOPS,
} from "../../../protocols/time_of_day/mod.ts";
import { chosenPlaces, groupOf } from "../../connect/multicast.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const { group, version } = groupOf(args, TIME_OF_DAY_GROUP);
    const fallback = version === 4 ? TIME_OF_DAY_HOPS : 1;
    using sender = await MulticastSender.open(context.network, group, {
      places: chosenPlaces(args, context.host, version),
      hops: args.integer("hops", { min: 0, max: 255, fallback }),
      loopback: !args.has("no-loopback"),
    });
    const hostname = Deno.hostname();
    await sendTimeOfDay(sender, {
      hostname,
      everyMs: args.milliseconds("every", TIME_OF_DAY_EVERY_MS),
      count: args.integer("count", { min: 1, fallback: undefined }),
      signal: context.signal,
      onSent: async (time) => {
        if (context.json) {
          await context.stdout.json({ time: time.toISOString(), hostname });
        } else {
          await context.stdout.line(new TextDecoder().decode(encodeTimeOfDay(time, hostname)));
        }
      },
    });
  },
});
