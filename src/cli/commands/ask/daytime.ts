/**
 * `netwright daytime`: asks hosts for the time of day (3.3 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import { connectionCapabilities, endpointsOf } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "daytime",
  summary: "ask hosts for the time of day (RFC 867)",
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["daytime time.example.org", "daytime --udp 127.0.0.1:13 127.0.0.1:1313"],
  options: { ...UDP_OPTION, ...STREAM_OPTIONS },
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 13)),
});
