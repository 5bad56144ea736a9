/**
 * `netwright discover chat`: finds chat servers of the subnets around (chapter 20 of the book's list).
 *
 * @module
 */

import {
  DISCOVERY_OPTIONS,
  type DiscoveryPlan,
  planDiscovery,
} from "../../chat/discovery_options.ts";
import type { Command } from "../../command/command.ts";

/** The command. */
export const command: Command<DiscoveryPlan> = {
  name: "discover chat",
  summary: "find chat servers on the local networks",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["discover chat", "discover chat --wait 1 --port 2027"],
  details:
    "A datagram goes to the broadcast address of each interface, three times. The status is 1 if\n" +
    "no server answers. Only servers that listen on all addresses receive it: serve chat --listen 0.0.0.0:2027",
  options: DISCOVERY_OPTIONS,
  plan: planDiscovery,
  capabilities: ({ needs }) => needs,
};
