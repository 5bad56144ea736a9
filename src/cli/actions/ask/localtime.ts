/**
 * `netwright localtime`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { LocaltimePlan } from "../../commands/ask/localtime.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { removeStaleSocket } from "../../../net/internal.ts";
import { askLocaltime } from "../../../protocols/localtime/mod.ts";
import { printErrorLine } from "../../terminal/failure.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";

/** The command, in the sandbox. */
export const action: Action<LocaltimePlan> = {
  async run({ connection, server: named, local, zones }, context) {
    const network = await clientNetwork(connection, context, { tls: false });
    const server = await pinDatagrams(connection, context, named);
    return await inTurn(
      zones,
      async (zone) => {
        if (local !== undefined) await removeStaleSocket(local);
        const text = await askLocaltime(server, zone, {
          network,
          ...timeoutOptionsOf(connection),
          local,
        });
        // The protocol has no other way to say that there is no such zone.
        if (!/\d\d:\d\d:\d\d/.test(text)) {
          const place = zone === "" || text.includes(zone) ? "" : `${zone}: `;
          await printErrorLine(`${place}${text}`, "localtime", context.stderr);
          return false;
        } else if (context.json) await context.stdout.json({ zone, text });
        else await context.stdout.line(zones.length > 1 ? `${zone}\t${text}` : text);
      },
      context,
      "localtime",
    );
  },
};
