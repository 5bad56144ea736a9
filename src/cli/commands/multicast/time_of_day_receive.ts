/**
 * `netwright time-of-day receive`: hears the time that a multicast group is told (21.2 of the book's list).
 *
 * @module
 */

import {
  Deadline,
  formatEndpoint,
  multicastPlaces,
  MulticastReceiver,
  patternsForGroup,
  TimeoutError,
} from "../../../net/mod.ts";
import { receiveTimeOfDay, TIME_OF_DAY_GROUP } from "../../../protocols/time_of_day/mod.ts";
import type { Command } from "../../command/command.ts";
import { chosenPlaces, groupOf, groupOptions, namesInterfaces } from "../../connect/multicast.ts";

/** The command. */
export const command: Command = {
  name: "time-of-day receive",
  summary: "hear the time that a multicast group is told",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["time-of-day receive", "time-of-day receive --count 1 --wait 20"],
  details:
    "Prints the time and the host that tells it, as it says, and its address. Without --interface the\n" +
    "group is heard on all of them. With --wait the status is 1 if nobody tells it for so long.",
  options: {
    ...groupOptions(TIME_OF_DAY_GROUP),
    count: { value: "N", short: "c", help: "how many (default without end)" },
    wait: { value: "SECONDS", help: "longest silence (default without end)" },
  },
  capabilities: (args) => ({
    net: patternsForGroup(groupOf(args, TIME_OF_DAY_GROUP).group),
    sys: args.values("interface").length === 0 || namesInterfaces(args)
      ? ["networkInterfaces"]
      : [],
  }),
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
      if (args.has("json")) await context.stdout.json({ time, hostname, from });
      else await context.stdout.line(`${time}\t${hostname}\t${from}`);
    }
  },
};
