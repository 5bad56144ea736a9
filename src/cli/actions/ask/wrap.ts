/**
 * `netwright wrap`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { WrapPlan } from "../../commands/ask/wrap.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { dial, formatEndpoint, writeAll } from "../../../net/mod.ts";
import { clientNetwork } from "../../connect/network.ts";
import { Receiving } from "../../connect/receiving.ts";

/** The command, in the sandbox. */
export const action: Action<WrapPlan> = {
  async run({ connection: options, target }, context) {
    const peer = formatEndpoint(target);
    using connection = await dial(
      target,
      {
        network: await clientNetwork(options, context, { tls: false }),
        ...timeoutOptionsOf(options),
      },
    );
    // A server may answer before it has received everything.
    const receiving = new Receiving(connection, peer, (piece) => context.stdout.peerBytes(piece));
    const buffer = new Uint8Array(65_536);
    while (true) {
      const count = await context.stdin.read(buffer);
      if (count === null) break;
      await writeAll(connection, buffer.subarray(0, count));
    }
    await connection.closeWrite();
    await receiving.untilSilent(options.timeoutMs ?? 60_000);
  },
};
