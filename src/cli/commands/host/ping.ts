/**
 * `netwright ping`: ICMP echo (3.5 of the book's list).
 *
 * @module
 */

import { LIBC_PATHS } from "../../../net/internal.ts";
import {
  FAMILY_OPTIONS,
  hostCapabilities,
  type HostOperand,
  planHost,
} from "../../connect/address_operand.ts";
import type { Command } from "../../command/command.ts";

/** The host, the number of requests, and the timeouts. */
export interface PingPlan extends HostOperand {
  /** How many requests. */
  readonly count: number;
  /** Bytes of data in each. */
  readonly size: number;
  /** Time between them, in milliseconds. */
  readonly intervalMs: number;
  /** Longest wait for a reply, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for all, in milliseconds. */
  readonly totalMs: number;
}

/** The command. */
export const command: Command<PingPlan> = {
  name: "ping",
  summary: "measure round trips to a host with ICMP echo",
  operands: "HOST",
  count: { min: 1, max: 1 },
  examples: ["ping 127.0.0.1 --count 3"],
  details:
    "Needs the permission ffi (help sandbox): the runtime has no ICMP sockets. The system must let this\n" +
    "user send ICMP, by the sysctl net.ipv4.ping_group_range or CAP_NET_RAW. Control-C ends it with the\n" +
    "statistics; the status is 1 without any reply.",
  options: {
    count: { short: "c", value: "N", help: "how many requests (default 4)" },
    interval: { short: "i", value: "SECONDS", help: "time between them (default 1)" },
    size: { short: "s", value: "BYTES", help: "data in each (default 56)" },
    timeout: { short: "W", value: "SECONDS", help: "longest wait for a reply (default 1)" },
    deadline: { short: "w", value: "SECONDS", help: "longest time in all" },
    ...FAMILY_OPTIONS,
  },
  plan(args) {
    const totalMs = args.milliseconds("deadline", Infinity);
    return {
      ...planHost(args),
      // With a deadline it asks until then, as others do.
      count: args.integer("count", {
        min: 1,
        max: 1_000_000,
        fallback: totalMs === Infinity ? 4 : Infinity,
      }),
      size: args.integer("size", { min: 0, max: 65_000, fallback: 56 }),
      intervalMs: args.milliseconds("interval", 1000),
      timeoutMs: args.milliseconds("timeout", 1000),
      totalMs,
    };
  },
  capabilities: (plan) => ({ ...hostCapabilities(plan), ffi: LIBC_PATHS }),
};
