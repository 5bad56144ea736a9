/**
 * `netwright time-of-day receive`: receives the time from a multicast group (21.2 of the book's list).
 *
 * @module
 */

import { patternsForGroup } from "../../../net/internal.ts";
import type { MulticastInterface } from "../../../net/mod.ts";
import { TIME_OF_DAY_GROUP } from "../../../reference/usual_places.ts";
import type { Command } from "../../command/command.ts";
import {
  chosenPlaces,
  groupOf,
  groupOptions,
  type MulticastGroup,
  namesInterfaces,
} from "../../connect/multicast.ts";

/** The group, the interfaces, and the timeout. */
export interface TimeOfDayReceivePlan extends MulticastGroup {
  /** The interfaces; all if absent. */
  readonly places: readonly MulticastInterface[] | undefined;
  /** How many times. */
  readonly count: number;
  /** Longest silence, in milliseconds; without end if absent. */
  readonly waitMs: number | undefined;
  /** Whether the interfaces are named. */
  readonly namesInterfaces: boolean;
}

/** The command. */
export const command: Command<TimeOfDayReceivePlan> = {
  name: "time-of-day receive",
  summary: "receive the time from a multicast group",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["time-of-day receive", "time-of-day receive --count 1 --wait 20"],
  details:
    "Prints the time, the sender's host name by its own account, and its address. Without --interface\n" +
    "the group is joined on all interfaces. With --wait the status is 1 after so long without a time.",
  options: {
    ...groupOptions(TIME_OF_DAY_GROUP),
    count: { value: "N", short: "c", help: "how many (default without end)" },
    wait: { value: "SECONDS", help: "longest silence (default without end)" },
  },
  plan(args, host) {
    const { group, version } = groupOf(args, TIME_OF_DAY_GROUP);
    return {
      group,
      version,
      places: chosenPlaces(args, host, version),
      count: args.integer("count", { min: 1, fallback: Infinity }),
      waitMs: args.has("wait") ? args.milliseconds("wait", 0) : undefined,
      namesInterfaces: namesInterfaces(args),
    };
  },
  capabilities: ({ group, places, namesInterfaces }) => ({
    net: patternsForGroup(group),
    sys: places === undefined || namesInterfaces ? ["networkInterfaces"] : [],
  }),
};
