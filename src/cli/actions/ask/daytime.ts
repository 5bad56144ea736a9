/**
 * `netwright daytime`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { formatEndpoint, shareDatagrams } from "../../../net/mod.ts";
import { daytime } from "../../../protocols/daytime/mod.ts";
import { endpointsOf, waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { sideBySide } from "../../connect/side_by_side.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    using network = shareDatagrams(await clientNetwork(args, context));
    const endpoints = endpointsOf(args, 13);
    return await sideBySide(
      endpoints,
      async (endpoint) =>
        await daytime(network, await pinDatagrams(args, context, endpoint), waits(args)),
      async (endpoint, text) => {
        const host = formatEndpoint(endpoint);
        if (context.json) await context.stdout.json({ host, text });
        else await context.stdout.peerLine(endpoints.length > 1 ? `${host}\t${text}` : text);
      },
      context,
      "daytime",
    );
  },
});
