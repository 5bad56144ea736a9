/**
 * `netwright wrap`: lets a server fill text (22.1 of the book's list).
 *
 * @module
 */

import { dial, formatEndpoint, parseEndpoint, writeAll } from "../../../net/mod.ts";
import { WRAP_PATH } from "../../../protocols/wrap/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { CONNECTION_OPTIONS } from "../../command/common_options.ts";
import { clientNetwork, connectionCapabilities, waits } from "../../connect/connecting.ts";
import { Receiving } from "../../connect/receiving.ts";

/** The command. */
export const command: Command = {
  name: "wrap",
  summary: "let a server fill the lines of standard input",
  operands: "[TARGET]",
  count: { min: 0, max: 1 },
  examples: ["wrap < letter.txt", "wrap unix:/tmp/wrapserv < letter.txt"],
  details: `TARGET is unix:PATH or HOST:PORT, by default unix:${WRAP_PATH}.`,
  options: CONNECTION_OPTIONS,
  capabilities: (args, host) => connectionCapabilities(args, host, [targetOf(args)]),
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
};

function targetOf(args: Arguments) {
  return parseEndpoint(args.operands[0] ?? `unix:${WRAP_PATH}`, {});
}
