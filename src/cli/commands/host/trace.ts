/**
 * `netwright trace`: the path to a host (3.5 of the book's list).
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

/** Whose path is traced, and how. */
export interface TracePlan extends HostOperand {
  /** Maximum number of hops. */
  readonly maxHops: number;
  /** Datagrams for each hop. */
  readonly probes: number;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The command. */
export const command: Command<TracePlan> = {
  name: "trace",
  summary: "trace the route to a host",
  operands: "HOST",
  count: { min: 1, max: 1 },
  examples: ["trace 192.0.2.1", "trace example.org --max-hops 15 --json"],
  details:
    "Needs the permission ffi (help sandbox): the runtime cannot limit the hops of a datagram. It needs\n" +
    "no rights of the superuser.",
  options: {
    "max-hops": { value: "N", help: "maximum number of hops (default 30)" },
    probes: { value: "N", help: "datagrams for each hop (default 3)" },
    timeout: { value: "SECONDS", help: "longest wait for a reply (default 1)" },
    ...FAMILY_OPTIONS,
  },
  plan: (args) => ({
    ...planHost(args),
    maxHops: args.integer("max-hops", { min: 1, max: 255, fallback: 30 }),
    probes: args.integer("probes", { min: 1, max: 10, fallback: 3 }),
    timeoutMs: args.milliseconds("timeout", 1000),
  }),
  capabilities: (plan) => ({ ...hostCapabilities(plan), ffi: LIBC_PATHS }),
};
