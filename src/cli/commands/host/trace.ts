/**
 * `netwright trace`: the path to a host (3.5 of the book's list).
 *
 * @module
 */

import { isIp, withoutZone } from "../../../net/mod.ts";
import { LIBC_PATHS } from "../../../os/mod.ts";
import { type TraceHop, tracePath, type TraceProbe } from "../../../protocols/icmp/mod.ts";
import { addressOf, FAMILY_OPTIONS, hostOperand } from "../../connect/address_operand.ts";
import type { Command } from "../../command/command.ts";
import { tellLine } from "../../terminal/failure.ts";

/** The command. */
export const command: Command = {
  name: "trace",
  summary: "trace the path to a host, hop by hop",
  operands: "HOST",
  count: { min: 1, max: 1 },
  examples: ["trace 192.0.2.1", "trace example.org --max-hops 15 --json"],
  details:
    "Needs --allow-ffi for the C library, because the runtime cannot limit the hops of a datagram.\n" +
    "Any user may; nothing else is needed.",
  options: {
    "max-hops": { value: "N", help: "give up after so many (default 30)" },
    probes: { value: "N", help: "datagrams for each hop (default 3)" },
    timeout: { value: "SECONDS", help: "longest wait for an answer (default 1)" },
    ...FAMILY_OPTIONS,
  },
  capabilities(args) {
    const host = hostOperand(args);
    return { ...(isIp(withoutZone(host)) ? {} : { net: [host] }), ffi: LIBC_PATHS };
  },
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
      if (args.has("json")) await context.stdout.json({ ...hop, probes: hop.probes.map(rounded) });
      else await context.stdout.line(formatHop(hop));
    }
    if (last?.reached) return 0;
    await tellLine(`${address}: the host was not reached`, "trace", context.stderr);
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
