/**
 * `netwright trace`: the path to a host (3.5 of the book's list).
 *
 * @module
 */

import { isIp, LIBC_PATHS, withoutZone } from "../../../net/mod.ts";
import { FAMILY_OPTIONS, hostOperand } from "../../connect/address_operand.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";

/** The command. */
export const command = commandByArguments({
  name: "trace",
  summary: "trace the path to a host, hop by hop",
  operands: "HOST",
  count: { min: 1, max: 1 },
  examples: ["trace 192.0.2.1", "trace example.org --max-hops 15 --json"],
  details:
    "Needs --allow-ffi for the C library, because the runtime cannot limit the hops of a datagram.\n" +
    "Any user may; nothing else is needed.",
  options: {
    "max-hops": { value: "N", help: "give up after so many (default 30)" },
    probes: { value: "N", help: "datagrams for each hop (default 3)" },
    timeout: { value: "SECONDS", help: "longest wait for an answer (default 1)" },
    ...FAMILY_OPTIONS,
  },
  capabilities(args) {
    const host = hostOperand(args);
    return { ...(isIp(withoutZone(host)) ? {} : { net: [host] }), ffi: LIBC_PATHS };
  },
});
