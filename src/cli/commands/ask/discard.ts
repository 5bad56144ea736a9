/**
 * `netwright discard`: sends standard input to where nobody reads it.
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import { connectionCapabilities, endpointsOf } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "discard",
  summary: "send standard input to be thrown away (RFC 863)",
  operands: "HOST[:PORT]",
  count: { min: 1, max: 1 },
  examples: ["discard 127.0.0.1:9 < FILE"],
  details: "Prints how many bytes were sent, how long it took and how fast that was.",
  options: { ...UDP_OPTION, ...STREAM_OPTIONS },
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 9)),
});
