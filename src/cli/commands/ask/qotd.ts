/**
 * `netwright qotd`: asks hosts for their quote of the day.
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import { connectionCapabilities, endpointsOf } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "qotd",
  summary: "ask hosts for their quote of the day (RFC 865)",
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["qotd quotes.example.org", "qotd --udp 127.0.0.1:17"],
  options: { ...UDP_OPTION, ...STREAM_OPTIONS },
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 17)),
});
