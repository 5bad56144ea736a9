/**
 * `netwright chargen`: takes generated characters.
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import { connectionCapabilities, endpointsOf } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "chargen",
  summary: "take characters from a generator (RFC 864)",
  operands: "HOST[:PORT]",
  count: { min: 1, max: 1 },
  examples: ["chargen 127.0.0.1:19 --bytes 740"],
  options: {
    bytes: { value: "N", help: "how many (default 740, ten lines)" },
    ...UDP_OPTION,
    ...STREAM_OPTIONS,
  },
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 19)),
});
