/**
 * `netwright wrap`: lets a server fill text (22.1 of the book's list).
 *
 * @module
 */

import { parseEndpoint } from "../../../net/mod.ts";
import { WRAP_PATH } from "../../../reference/usual_places.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { CONNECTION_OPTIONS } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "wrap",
  summary: "let a server fill the lines of standard input",
  operands: "[TARGET]",
  count: { min: 0, max: 1 },
  examples: ["wrap < letter.txt", "wrap unix:/tmp/wrapserv < letter.txt"],
  details: `TARGET is unix:PATH or HOST:PORT, by default unix:${WRAP_PATH}.`,
  options: CONNECTION_OPTIONS,
  capabilities: (args, host) => connectionCapabilities(args, host, [targetOf(args)]),
});

export function targetOf(args: Arguments) {
  return parseEndpoint(args.operands[0] ?? `unix:${WRAP_PATH}`, {});
}
