/**
 * `netwright protocol`: Internet protocols by name and number (3.2 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";

/** The protocols to look up. */
export interface ProtocolPlan {
  /** Names and numbers. */
  readonly requested: readonly string[];
}

/** The command. */
export const command: Command<ProtocolPlan> = {
  name: "protocol",
  summary: "look up IP protocols by name or number",
  operands: "NAME|NUMBER…",
  count: { min: 1 },
  examples: ["protocol tcp 17"],
  plan: ({ operands }) => ({ requested: operands }),
  capabilities: () => ({}),
};
