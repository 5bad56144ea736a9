/**
 * `netwright discover chat`, inside the sandbox.
 *
 * @module
 */

import type { DiscoveryPlan } from "../../chat/discovery_options.ts";
import type { Action } from "../../command/context.ts";
import { formatEndpoint } from "../../../net/mod.ts";
import { discoverChat } from "../../../protocols/chat/mod.ts";
import { discovery } from "../../chat/discovery.ts";
import { EXIT, printErrorLine } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action: Action<DiscoveryPlan> = {
  async run(plan, context) {
    let count = 0;
    for await (
      const server of discoverChat({ network: context.network, ...discovery(plan, context) })
    ) {
      count++;
      const name = formatEndpoint(server);
      if (context.json) await context.stdout.json({ server: name });
      else await context.stdout.line(name);
    }
    if (count > 0) return EXIT.done;
    if (!context.quiet) {
      await printErrorLine("no chat server answered", "discover chat", context.stderr);
    }
    return EXIT.failed;
  },
};
