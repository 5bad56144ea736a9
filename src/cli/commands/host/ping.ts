/**
 * `netwright ping`: ICMP echo (3.5 of the book's list).
 *
 * @module
 */

import { isIp, LIBC_PATHS, withoutZone } from "../../../net/mod.ts";
import { FAMILY_OPTIONS, hostOperand } from "../../connect/address_operand.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";

/** The command. */
export const command = commandByArguments({
  name: "ping",
  summary: "ask a host for ICMP echoes",
  operands: "HOST",
  count: { min: 1, max: 1 },
  examples: ["ping 127.0.0.1 --count 3"],
  details:
    "Needs --allow-ffi for the C library, because the runtime has no ICMP sockets. The system must\n" +
    "let this user send ICMP: by the sysctl net.ipv4.ping_group_range, or CAP_NET_RAW. Control-C ends it with\n" +
    "the statistics; the status is 1 if nothing came back.",
  options: {
    count: { short: "c", value: "N", help: "how many requests (default 4)" },
    interval: { short: "i", value: "SECONDS", help: "time between them (default 1)" },
    size: { short: "s", value: "BYTES", help: "data in each (default 56)" },
    timeout: { short: "W", value: "SECONDS", help: "longest wait for a reply (default 1)" },
    deadline: { short: "w", value: "SECONDS", help: "longest time for all" },
    ...FAMILY_OPTIONS,
  },
  capabilities(args) {
    const host = hostOperand(args);
    return { ...(isIp(withoutZone(host)) ? {} : { net: [host] }), ffi: LIBC_PATHS };
  },
});
