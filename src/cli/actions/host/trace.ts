/**
 * `netwright trace`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { type TraceHop, tracePath, type TraceProbe } from "../../../protocols/icmp/mod.ts";
import { addressOf } from "../../connect/address_operand.ts";
import { tellLine } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const address = await addressOf(args, context);
    let last: TraceHop | undefined;
    const hops = tracePath(address, {
      maxHops: args.integer("max-hops", { min: 1, max: 255, fallback: 30 }),
      probes: args.integer("probes", { min: 1, max: 10, fallback: 3 }),
      timeoutMs: args.milliseconds("timeout", 1000),
    });
    for await (const hop of hops) {
      last = hop;
      if (context.json) await context.stdout.json({ ...hop, probes: hop.probes.map(rounded) });
      else await context.stdout.line(formatHop(hop));
    }
    if (last?.reached) return 0;
    await tellLine(`${address}: the host was not reached`, "trace", context.stderr);
    return 1;
  },
});

/** Times are measured in microseconds. */
function rounded(probe: TraceProbe): TraceProbe {
  const { roundTripMs } = probe;
  if (roundTripMs === undefined) return probe;
  return { ...probe, roundTripMs: Math.round(roundTripMs * 1000) / 1000 };
}

function formatHop({ hop, probes }: TraceHop): string {
  let before: string | undefined;
  const parts = probes.map(({ from, roundTripMs, unreachable, mark }) => {
    const name = from === before ? "" : from ?? "";
    before = from;
    const time = roundTripMs === undefined ? "*" : `${roundTripMs.toFixed(3)} ms`;
    const why = unreachable === undefined ? "" : mark ? `${mark} (${unreachable})` : unreachable;
    return [name, time, why].filter((part) => part !== "").join(" ");
  });
  return `${String(hop).padStart(2)}  ${parts.join("  ")}`;
}
