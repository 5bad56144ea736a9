/**
 * `netwright protocol`: Internet protocols by name and number (3.2 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";

/** The command. */
export const command = commandByArguments({
  name: "protocol",
  summary: "look up Internet protocols by name or number",
  operands: "NAME|NUMBER…",
  count: { min: 1 },
  examples: ["protocol tcp 17"],
  capabilities: () => ({}),
});
