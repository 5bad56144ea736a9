/**
 * `netwright time-of-day receive`: hears the time that a multicast group is told (21.2 of the book's list).
 *
 * @module
 */

import { patternsForGroup } from "../../../net/mod.ts";
import { TIME_OF_DAY_GROUP } from "../../../reference/usual_places.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { groupOf, groupOptions, namesInterfaces } from "../../connect/multicast.ts";

/** The command. */
export const command = commandByArguments({
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
});
