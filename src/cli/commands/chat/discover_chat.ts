/**
 * `netwright discover chat`: finds chat servers of the subnets around (chapter 20 of the book's list).
 *
 * @module
 */

import { formatEndpoint } from "../../../net/mod.ts";
import { discoverChat } from "../../../protocols/chat/mod.ts";
import { discovery, DISCOVERY_OPTIONS, discoveryCapabilities } from "../../chat/discovery.ts";
import type { Command } from "../../command/command.ts";
import { EXIT, tellLine } from "../../terminal/failure.ts";

/** The command. */
export const command: Command = {
  name: "discover chat",
  summary: "find chat servers on this host's subnets",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["discover chat", "discover chat --wait 1 --port 2027"],
  details:
    "A datagram goes to the broadcast address of each interface, three times. The status is 1 if\n" +
    "nobody answers. Servers hear it that listen on all addresses: serve chat --listen 0.0.0.0:2027",
  options: DISCOVERY_OPTIONS,
  capabilities: (args, host) => discoveryCapabilities(args, host),
  async run(args, context) {
    let count = 0;
    for await (const server of discoverChat(context.network, discovery(args, context))) {
      count++;
      const name = formatEndpoint(server);
      if (args.has("json")) await context.stdout.json({ server: name });
      else await context.stdout.line(name);
    }
    if (count > 0) return EXIT.done;
    if (!args.has("quiet")) {
      await tellLine("no chat server answered", command.name, context.stderr);
    }
    return EXIT.failed;
  },
};
