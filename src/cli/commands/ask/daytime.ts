/**
 * `netwright daytime`: asks hosts for the time of day (3.3 of the book's list).
 *
 * @module
 */

import { formatEndpoint, shareDatagrams } from "../../../net/mod.ts";
import { daytime } from "../../../protocols/daytime/mod.ts";
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
  name: "daytime",
  summary: "ask hosts for the time of day (RFC 867)",
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["daytime time.example.org", "daytime --udp 127.0.0.1:13 127.0.0.1:1313"],
  options: { ...UDP_OPTION, ...STREAM_OPTIONS },
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 13)),
  async run(args, context) {
    using network = shareDatagrams(await clientNetwork(args, context));
    const endpoints = endpointsOf(args, 13);
    return await sideBySide(
      endpoints,
      async (endpoint) =>
        await daytime(network, await pinDatagrams(args, context, endpoint), waits(args)),
      async (endpoint, text) => {
        const host = formatEndpoint(endpoint);
        if (args.has("json")) await context.stdout.json({ host, text });
        else await context.stdout.peerLine(endpoints.length > 1 ? `${host}\t${text}` : text);
      },
      context,
      "daytime",
      args,
    );
  },
};
