/**
 * `netwright localtime`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { removeStaleSocket } from "../../../net/mod.ts";
import { askLocaltime } from "../../../protocols/localtime/mod.ts";
import { EXIT, tellLine } from "../../terminal/failure.ts";
import { waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { replyOf, serverOf } from "../../commands/ask/localtime.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const network = await clientNetwork(args, context, { tls: false });
    const server = await pinDatagrams(args, context, serverOf(args));
    const local = replyOf(args);
    const zones = args.operands.length > 0 ? args.operands : [""];
    let status: number = EXIT.done;
    for (const zone of zones) {
      if (local !== undefined) await removeStaleSocket(local);
      const text = await askLocaltime(network, server, zone, { ...waits(args), local });
      // The protocol has no other way to say that there is no such zone.
      if (!/\d\d:\d\d:\d\d/.test(text)) {
        status = EXIT.failed;
        await tellLine(
          `${zone === "" ? "the server" : zone}: ${text}`,
          "localtime",
          context.stderr,
        );
      } else if (context.json) await context.stdout.json({ zone, text });
      else await context.stdout.line(zones.length > 1 ? `${zone}\t${text}` : text);
    }
    return status;
  },
});
