/**
 * `netwright interfaces`: the network interfaces of this host (3.5 of the book's list).
 *
 * @module
 */

import { LIBC_PATHS } from "../../../net/internal.ts";
import type { Command } from "../../command/command.ts";

/** Which interfaces are listed, and how. */
export interface InterfacesPlan {
  /** Their names; all if there are none. */
  readonly names: readonly string[];
  /** Whether everything that the kernel reports is shown. */
  readonly details: boolean;
}

/** The command. */
export const command: Command<InterfacesPlan> = {
  name: "interfaces",
  summary: "list network interfaces and their addresses",
  operands: "[NAME…]",
  count: { min: 0 },
  examples: ["interfaces", "interfaces lo --json", "interfaces --details"],
  details:
    "--details also lists interfaces without addresses, and shows flags, MTU, broadcast addresses and\n" +
    "peers. It needs the permission ffi (help sandbox): the runtime does not report them.",
  options: { details: { short: "d", help: "all that the kernel knows of them" } },
  plan: (args) => ({ names: args.operands, details: args.has("details") }),
  capabilities: ({ details }) => details ? { ffi: LIBC_PATHS } : { sys: ["networkInterfaces"] },
};
