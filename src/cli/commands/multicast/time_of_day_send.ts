/**
 * `netwright time-of-day send`: tells a multicast group the time (21.2 of the book's list).
 *
 * @module
 */

import { anyPlace, patternsForGroup } from "../../../net/mod.ts";
import { TIME_OF_DAY_GROUP } from "../../../reference/usual_places.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { chosenPlaces, groupOf, groupOptions, namesInterfaces } from "../../connect/multicast.ts";

/** The command. */
export const command = commandByArguments({
  name: "time-of-day send",
  summary: "tell a multicast group the time, every 15 s",
  operands: "",
  count: { min: 0, max: 0 },
  examples: [
    "time-of-day send",
    "time-of-day send --interface eth0 --hops 1 --every 5",
  ],
  details:
    "It is told on the tick, as `localtime/hostname`, until the command is interrupted. Without\n" +
    "--interface the system's routes say where to. IPv6 groups get 1 hop: the runtime sets no more.",
  options: {
    ...groupOptions(TIME_OF_DAY_GROUP),
    hops: { value: "N", help: "routers that it may pass, and one (default 31)" },
    every: { value: "SECONDS", help: "how often (default 15)" },
    count: { value: "N", short: "c", help: "how many times (default without end)" },
    "no-loopback": { rare: true, help: "members on this host do not hear it" },
  },
  capabilities(args, host) {
    const { group, version } = groupOf(args, TIME_OF_DAY_GROUP);
    const places = chosenPlaces(args, host, version) ?? [anyPlace(version)];
    const sys = ["hostname", ...(namesInterfaces(args) ? ["networkInterfaces"] : [])];
    return { net: patternsForGroup(group, places), sys };
  },
});
