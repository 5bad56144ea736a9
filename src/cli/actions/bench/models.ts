/**
 * `netwright bench models`, inside the sandbox.
 *
 * @module
 */

import { ENDPOINT, unique } from "../../commands/bench/models.ts";
import type { BenchModelsPlan } from "../../commands/bench/models.ts";
import {
  measureModels,
  MODEL_CASES,
  type ModelChoice,
  type ModelMeasure,
  modelsPage,
  runLoadInWorker,
} from "../../../programs/bench/mod.ts";
import { buildService } from "../../../servers/internal.ts";
import type { Server } from "../../../servers/mod.ts";
import { namedService } from "../../../services/mod.ts";
import { writeAtomically } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { Progress } from "../../terminal/progress.ts";
import { Table } from "../../terminal/table.ts";
import { PREPARE_MODEL } from "../../serving/start_models.ts";

/** The command, in the sandbox. */
export const action: Action<BenchModelsPlan> = {
  async run({ choices, runs, connections, durationMs, html }, context) {
    const { signal, broker } = context;
    const total = choices.length * MODEL_CASES.length * runs;
    using progress = new Progress(context, { label: "bench models", unit: "runs", total });
    const measures: ModelMeasure[] = [];
    const measuring = measureModels({
      start: (choice, service) => start(choice, service, context),
      async load(plan) {
        const counts = await runLoadInWorker(broker, plan, signal);
        signal.throwIfAborted();
        progress.add(1);
        return counts;
      },
      choices,
      cases: MODEL_CASES,
      connections,
      durationMs,
      runs,
    });
    for await (const measure of measuring) {
      measures.push(measure);
      if (context.json) await context.stdout.json(measure);
    }
    if (!context.json) await report(measures, context);
    if (html !== undefined) {
      await writeAtomically(html, new TextEncoder().encode(await modelsPage(measures)));
    }
  },
};

/** The document that is fetched. */
const HTTP_OPTIONS = { sample: "1024" };

async function start(
  { model, accept }: ModelChoice,
  service: string,
  { network, broker, signal }: Context,
): Promise<Server> {
  const named = await namedService(service, service === "http" ? HTTP_OPTIONS : {});
  const starting = await PREPARE_MODEL[model]!({
    named,
    options: { network, signal, endpoint: ENDPOINT, quiet: true },
    pool: { accept },
    broker,
    build: buildService,
  });
  return await starting();
}

async function report(measures: readonly ModelMeasure[], context: Context): Promise<void> {
  const names = MODEL_CASES.map(({ name }) => name.toUpperCase());
  const table = new Table(context.stdout, { headings: ["MODEL", ...names, "FAILED"] });
  for (const model of unique(measures.map((measure) => measure.model))) {
    const own = measures.filter((measure) => measure.model === model);
    const failed = own.flatMap(({ errors }) => Object.values(errors)).reduce((a, b) => a + b, 0);
    await table.row(model, ...own.map(({ perSecond }) => perSecond.toFixed(0)), failed);
  }
  await table.end();
}
