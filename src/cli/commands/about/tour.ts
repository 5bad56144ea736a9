/**
 * `netwright tour`: every program, run for real on this machine.
 *
 * @module
 */

import { LIBC_PATHS, union } from "../../../net/internal.ts";
import type { Capabilities } from "../../../net/mod.ts";
import { chooseRows, tourCapabilities } from "../../../programs/tour/mod.ts";
import type { Command } from "../../command/command.ts";
import { NO_BROKER } from "../../command/broker.ts";
import { WORKER_CAPABILITIES } from "../../sandbox/start_worker.ts";

/** Which rows are run. */
export interface TourPlan {
  /** Their ids, or the beginnings of them; all if there are none. */
  readonly ids: readonly string[];
  /** Whether they are only listed. */
  readonly isList: boolean;
  /** The capabilities of all rows. */
  readonly needs: Capabilities;
  /** What their workers serve. */
  readonly services: readonly string[];
}

/** The command. */
export const command: Command<TourPlan> = {
  name: "tour",
  summary: "run every program on this machine and report the results",
  operands: "[ID…]",
  count: { min: 0 },
  examples: ["tour", "tour 3.3 4.1", "tour --list"],
  details:
    "Starts servers on free loopback ports and runs clients against them. An ID such as 3.3 selects a\n" +
    "row, its beginning (3) a chapter of the book. Some rows need the permissions run or ffi; select\n" +
    "others to do without.",
  options: { list: { help: "list the rows and run none" } },
  async plan(args) {
    const ids = args.operands;
    const rows = await Promise.all(chooseRows(ids).map((entry) => entry.load()));
    if (args.has("list")) return { ids, isList: true, needs: {}, services: [] };
    const workers = rows.some(({ startsWorkers }) => startsWorkers) ? WORKER_CAPABILITIES : {};
    return {
      ids,
      isList: false,
      needs: union(tourCapabilities(rows), workers),
      services: rows.flatMap(({ serves = [] }) => serves),
    };
  },
  capabilities: ({ needs }) => needs,
  brokered: ({ services }) =>
    services.length === 0
      ? NO_BROKER
      : { launcher: { ffi: LIBC_PATHS }, workers: {}, listen: ["127.0.0.1:0"], services },
};
