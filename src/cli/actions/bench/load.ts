/**
 * `netwright bench load`, inside the sandbox.
 *
 * @module
 */

import type { BenchLoadPlan } from "../../commands/bench/load.ts";
import { escapeControls } from "../../../net/mod.ts";
import {
  type LoadCounts,
  type LoadResult,
  runLoad,
  runLoadInWorker,
  sumUp,
} from "../../../programs/bench/mod.ts";
import { clientNetwork } from "../../connect/network.ts";
import type { Action, Context } from "../../command/context.ts";

/** The command, in the sandbox. */
export const action: Action<BenchLoadPlan> = {
  async run(plan, context) {
    const result = await sumUp(await runAll(plan, context));
    const target = plan.written;
    if (context.json) await context.stdout.json({ target, ...result });
    else for (const line of describe(target, result)) await context.stdout.line(line);
    return Object.keys(result.errors).length === 0 ? 0 : 1;
  },
};

async function runAll(
  { parts, tls, connection }: BenchLoadPlan,
  context: Context,
): Promise<LoadCounts[]> {
  const { signal, broker } = context;
  if (parts.length > 1) {
    return await Promise.all(parts.map((plan) => runLoadInWorker(broker, plan, signal)));
  }
  const network = await clientNetwork(connection, context, { tls });
  return [await runLoad(network, parts[0]!, signal)];
}

function describe(target: string, result: LoadResult): string[] {
  const { requests, perSecond, errors, bytes, opened, ms, latencyMs } = result;
  const faults = Object.entries(errors);
  const failed = faults.reduce((sum, [, count]) => sum + count, 0);
  const { mean, p50, p75, p90, p99, p999, max } = latencyMs;
  const times: [string, number][] = [
    ["mean", mean],
    ["50%", p50],
    ["75%", p75],
    ["90%", p90],
    ["99%", p99],
    ["99.9%", p999],
    ["max", max],
  ];
  return [
    `${escapeControls(target)}: ${(ms / 1000).toFixed(2)} s, ${opened} connections opened`,
    `answered  ${requests}  (${perSecond.toFixed(1)} a second, ${
      (bytes / ms / 1048.576).toFixed(2)
    } MiB a second)`,
    `failed    ${failed}`,
    ...faults.map(([kind, count]) => `  ${count} times: ${escapeControls(kind)}`),
    ...(max === 0 ? [] : [
      `latency   ${times.map(([name, value]) => `${name} ${value.toFixed(3)}`).join("  ")} (ms)`,
    ]),
  ];
}
