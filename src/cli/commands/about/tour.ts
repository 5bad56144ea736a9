/**
 * `netwright tour`: every program, run for real on this machine.
 *
 * @module
 */

import { LIBC_PATHS, union } from "../../../net/mod.ts";
import { chooseRows, tourCapabilities, type TourRow } from "../../../programs/tour/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { NO_BROKER } from "../../command/broker.ts";
import { MEMBER_CAPABILITIES } from "../../sandbox/start_worker.ts";

/** The command. */
export const command = commandByArguments({
  name: "tour",
  summary: "run every program for real here, and tell what worked",
  operands: "[ID…]",
  count: { min: 0 },
  examples: ["tour", "tour 3.3 4.1", "tour --list"],
  details:
    "Starts our servers on free loopback ports and runs our clients against them. An ID chooses a row,\n" +
    "its beginning a chapter. Some rows need --allow-run (programs behind a socket) or --allow-ffi (the\n" +
    "system's own calls); choose others to do without.",
  options: { list: { help: "list the rows and run none" } },
  async capabilities(args) {
    const rows = await load(args);
    if (args.has("list")) return {};
    const members = rows.some(({ startsMembers }) => startsMembers) ? MEMBER_CAPABILITIES : {};
    return union(tourCapabilities(rows), members);
  },
  async brokered(args) {
    if (args.has("list")) return NO_BROKER;
    const services = (await load(args)).flatMap(({ serves = [] }) => serves);
    if (services.length === 0) return NO_BROKER;
    return { launcher: { ffi: LIBC_PATHS }, workers: {}, listen: ["127.0.0.1:0"], services };
  },
});

export async function load(args: Arguments): Promise<TourRow[]> {
  return await Promise.all(chooseRows(args.operands).map((entry) => entry.load()));
}
