/**
 * `netwright netmask`: applies a netmask to addresses (3.4 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";

/** The addresses and the netmask. */
export interface NetmaskPlan {
  /** A mask and addresses, addresses with their masks, or ranges. */
  readonly operands: readonly string[];
}

/** The command. */
export const command: Command<NetmaskPlan> = {
  name: "netmask",
  summary: "calculate networks, ranges and broadcast addresses",
  operands: "MASK ADDRESS… | ADDRESS/MASK | FIRST-LAST…",
  count: { min: 1 },
  examples: [
    "netmask /20 192.0.2.77",
    "netmask 255.255.255.0 10.1.2.3 10.1.3.4",
    "netmask 192.0.2.77/20",
    "netmask 10.0.0.3-10.0.0.9",
  ],
  details:
    "MASK is /20, 20, 255.255.240.0, or a network such as 10.0.0.0/8: then the output also says whether\n" +
    "each address is inside. FIRST-LAST prints the networks that make up a range.",
  plan: ({ operands }) => ({ operands }),
  capabilities: () => ({}),
};
