/**
 * `netwright trace`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { TracePlan } from "../../commands/host/trace.ts";
import { type TraceHop, tracePath, type TraceProbe } from "../../../protocols/icmp/mod.ts";
import { addressOf } from "../../connect/address_operand.ts";
import { printErrorLine } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action: Action<TracePlan> = {
  async run(plan, context) {
    const address = await addressOf(plan, context);
    let last: TraceHop | undefined;
    const { maxHops, probes, timeoutMs } = plan;
    for await (const hop of tracePath(address, { maxHops, probes, timeoutMs })) {
      last = hop;
      if (context.json) await context.stdout.json({ ...hop, probes: hop.probes.map(rounded) });
      else await context.stdout.line(formatHop(hop));
    }
    if (last?.reached) return 0;
    await printErrorLine(`${address}: the host was not reached`, "trace", context.stderr);
    return 1;
  },
};

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
