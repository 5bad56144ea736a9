/**
 * `netwright wrap`: lets a server fill text (22.1 of the book's list).
 *
 * @module
 */

import { type Endpoint, parseEndpoint } from "../../../net/mod.ts";
import { WRAP_PATH } from "../../../reference/usual_places.ts";
import type { Command } from "../../command/command.ts";
import { CONNECTION_OPTIONS } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";

/** The server, and the form of the text. */
export interface WrapPlan extends ConnectionPlan {
  /** The server. */
  readonly target: Endpoint;
}

/** The command. */
export const command: Command<WrapPlan> = {
  name: "wrap",
  summary: "fill lines of text with a wrap server",
  operands: "[TARGET]",
  count: { min: 0, max: 1 },
  examples: ["wrap < letter.txt", "wrap unix:/tmp/wrapserv < letter.txt"],
  details: `TARGET is unix:PATH or HOST:PORT, by default unix:${WRAP_PATH}.`,
  options: CONNECTION_OPTIONS,
  async plan(args, host) {
    const target = parseEndpoint(args.operands[0] ?? `unix:${WRAP_PATH}`);
    return { ...await planConnections(args, host, [target]), target };
  },
  capabilities: ({ needs }) => needs,
};
