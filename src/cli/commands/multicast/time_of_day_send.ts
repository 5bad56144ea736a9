/**
 * `netwright time-of-day send`: sends the time to a multicast group (21.2 of the book's list).
 *
 * @module
 */

import { patternsForGroup } from "../../../net/internal.ts";
import { defaultInterface, type MulticastInterface } from "../../../net/mod.ts";
import { TIME_OF_DAY_GROUP } from "../../../reference/usual_places.ts";
import type { Command } from "../../command/command.ts";
import {
  chosenPlaces,
  groupOf,
  groupOptions,
  type MulticastGroup,
  namesInterfaces,
} from "../../connect/multicast.ts";

/** The group, the interval, and the number of times. */
export interface TimeOfDaySendPlan extends MulticastGroup {
  /** The interfaces; the system's choice if absent. */
  readonly places: readonly MulticastInterface[] | undefined;
  /** Routers that it may pass, and one. */
  readonly hops: number | undefined;
  /** How often, in milliseconds. */
  readonly everyMs: number | undefined;
  /** How many times; without end if absent. */
  readonly count: number | undefined;
  /** Whether members on this host receive it. */
  readonly loopback: boolean;
  /** Whether the interfaces of this host are listed. */
  readonly namesInterfaces: boolean;
}

/** The command. */
export const command: Command<TimeOfDaySendPlan> = {
  name: "time-of-day send",
  summary: "send the time to a multicast group every 15 s",
  operands: "",
  count: { min: 0, max: 0 },
  examples: [
    "time-of-day send",
    "time-of-day send --interface eth0 --hops 1 --every 5",
  ],
  details:
    "Sends `localtime/hostname` on the tick until it is interrupted. Without --interface the system's\n" +
    "routes decide. IPv6 groups get 1 hop: the runtime cannot set more.",
  options: {
    ...groupOptions(TIME_OF_DAY_GROUP),
    hops: { value: "N", help: "time to live: routers on the way and one (default 31)" },
    every: { value: "SECONDS", help: "how often (default 15)" },
    count: { value: "N", short: "c", help: "how many times (default without end)" },
    "no-loopback": { rare: true, help: "do not deliver to members on this host" },
  },
  plan(args, host) {
    const { group, version } = groupOf(args, TIME_OF_DAY_GROUP);
    return {
      group,
      version,
      places: chosenPlaces(args, host, version),
      hops: args.integer("hops", { min: 0, max: 255, fallback: undefined }),
      everyMs: args.has("every") ? args.milliseconds("every", 0) : undefined,
      count: args.integer("count", { min: 1, fallback: undefined }),
      loopback: !args.has("no-loopback"),
      namesInterfaces: namesInterfaces(args),
    };
  },
  capabilities: ({ group, version, places = [defaultInterface(version)], namesInterfaces }) => ({
    net: patternsForGroup(group, places),
    sys: ["hostname", ...(namesInterfaces ? ["networkInterfaces"] : [])],
  }),
};
