/**
 * `netwright time`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { formatEndpoint, shareDatagrams } from "../../../net/mod.ts";
import { time } from "../../../protocols/time/mod.ts";
import { endpointsOf, waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { sideBySide } from "../../connect/side_by_side.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
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
        if (context.json) return await context.stdout.json({ host, time: text, aheadSeconds });
        const sign = aheadSeconds >= 0 ? "+" : "";
        const line = `${text} ${sign}${aheadSeconds}`;
        await context.stdout.line(endpoints.length > 1 ? `${host}\t${line}` : line);
      },
      context,
      "time",
    );
  },
});
