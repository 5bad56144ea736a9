/**
 * `netwright qotd`: asks hosts for their quote of the day.
 *
 * @module
 */

import { formatEndpoint } from "../../../net/mod.ts";
import { qotd } from "../../../protocols/qotd/mod.ts";
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
  name: "qotd",
  summary: "ask hosts for their quote of the day (RFC 865)",
  operands: "HOST[:PORT]…",
  count: { min: 1 },
  examples: ["qotd quotes.example.org", "qotd --udp 127.0.0.1:17"],
  options: { ...UDP_OPTION, ...STREAM_OPTIONS },
  capabilities: (args, host) => connectionCapabilities(args, host, endpointsOf(args, 17)),
  async run(args, context) {
    const network = await clientNetwork(args, context);
    return await sideBySide(
      endpointsOf(args, 17),
      async (endpoint) =>
        await qotd(network, await pinDatagrams(args, context, endpoint), waits(args)),
      async (endpoint, text) => {
        if (args.has("json")) {
          return await context.stdout.json({ host: formatEndpoint(endpoint), text });
        }
        for (const line of text.split("\n")) await context.stdout.peerLine(line);
      },
      context,
      "qotd",
      args,
    );
  },
};
