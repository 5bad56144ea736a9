/**
 * `netwright time`: asks hosts for the time as a number (3.3 and 18.1 of the book's list).
 *
 * @module
 */

import { formatEndpoint, shareDatagrams } from "../../../net/mod.ts";
import { time } from "../../../protocols/time/mod.ts";
import type { Command } from "../../command/command.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../../command/common_options.ts";
import {
  clientNetwork,
  connectionCapabilities,
  endpointsOf,
  pinDatagrams,
  waits,
} from "../../connect/connecting.ts";
import { sideBySide } from "../../connect/side_by_side.ts";

/** The command. */
export const command: Command = {
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
  async run(args, context) {
    using network = shareDatagrams(await clientNetwork(args, context));
    const endpoints = endpointsOf(args, 37);
    return await sideBySide(
      endpoints,
      async (endpoint) => {
        const date = await time(network, await pinDatagrams(args, context, endpoint), waits(args));
        return { date, aheadSeconds: Math.round((date.getTime() - Date.now()) / 1000) };
      },
      async (endpoint, { date, aheadSeconds }) => {
        const host = formatEndpoint(endpoint);
        const text = date.toISOString().replace(".000Z", "Z");
        if (args.has("json")) return await context.stdout.json({ host, time: text, aheadSeconds });
        const sign = aheadSeconds >= 0 ? "+" : "";
        const line = `${text} ${sign}${aheadSeconds}`;
        await context.stdout.line(endpoints.length > 1 ? `${host}\t${line}` : line);
      },
      context,
      "time",
      args,
    );
  },
};
