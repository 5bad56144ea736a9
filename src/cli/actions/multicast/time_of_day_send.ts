/**
 * `netwright time-of-day send`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { TimeOfDaySendPlan } from "../../commands/multicast/time_of_day_send.ts";
import { MulticastSender } from "../../../net/mod.ts";
import {
  encodeTimeOfDay,
  TIME_OF_DAY_EVERY_MS,
  TIME_OF_DAY_HOPS,
} from "../../../protocols/time_of_day/internal.ts";
import { sendTimeOfDay } from "../../../protocols/time_of_day/mod.ts";

/** The command, in the sandbox. */
export const action: Action<TimeOfDaySendPlan> = {
  async run({ group, version, places, everyMs, count, loopback, ...plan }, context) {
    const hops = plan.hops ?? (version === 4 ? TIME_OF_DAY_HOPS : 1);
    using sender = await MulticastSender.open(context.network, group, { places, hops, loopback });
    const hostname = Deno.hostname();
    await sendTimeOfDay(sender, {
      hostname,
      everyMs: everyMs ?? TIME_OF_DAY_EVERY_MS,
      count,
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
};
