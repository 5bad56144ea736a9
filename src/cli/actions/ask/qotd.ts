/**
 * `netwright qotd`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { formatEndpoint } from "../../../net/mod.ts";
import { qotd } from "../../../protocols/qotd/mod.ts";
import { endpointsOf, waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { sideBySide } from "../../connect/side_by_side.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const network = await clientNetwork(args, context);
    return await sideBySide(
      endpointsOf(args, 17),
      async (endpoint) =>
        await qotd(network, await pinDatagrams(args, context, endpoint), waits(args)),
      async (endpoint, text) => {
        if (context.json) {
          return await context.stdout.json({ host: formatEndpoint(endpoint), text });
        }
        for (const line of text.split("\n")) await context.stdout.peerLine(line);
      },
      context,
      "qotd",
    );
  },
});
