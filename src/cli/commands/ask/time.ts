/**
 * `netwright time`: asks hosts for the time as a number (3.3 and 18.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import { connectionCapabilities, endpointsOf } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "time",
  summary: "ask hosts for the time, and how far we are off (RFC 868)",
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["time time.example.org", "time --udp 127.0.0.1:37"],
  options: { ...UDP_OPTION, ...STREAM_OPTIONS },
  details:
    "Prints the host's time in UTC and how many seconds it is ahead of ours; the protocol\n" +
    "counts whole seconds.",
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 37)),
});
