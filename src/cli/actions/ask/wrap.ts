/**
 * `netwright wrap`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { dial, formatEndpoint, writeAll } from "../../../net/mod.ts";
import { waits } from "../../connect/connecting.ts";
import { clientNetwork } from "../../connect/network.ts";
import { Receiving } from "../../connect/receiving.ts";
import { targetOf } from "../../commands/ask/wrap.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const target = targetOf(args);
    const peer = formatEndpoint(target);
    using connection = await dial(
      await clientNetwork(args, context, { tls: false }),
      target,
      waits(args),
    );
    // A server may answer before it has heard all.
    const receiving = new Receiving(connection, peer, (piece) => context.stdout.peerBytes(piece));
    const buffer = new Uint8Array(65_536);
    while (true) {
      const count = await context.stdin.read(buffer);
      if (count === null) break;
      await writeAll(connection, buffer.subarray(0, count));
    }
    await connection.closeWrite();
    await receiving.untilSilent(waits(args).timeoutMs ?? 60_000);
  },
});
