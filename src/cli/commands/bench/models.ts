/**
 * `netwright bench models`: all server models under the same load (15.4 of the book's list).
 *
 * @module
 */

import { parseEndpoint, union } from "../../../net/mod.ts";
import {
  measureModels,
  MODEL_CASES,
  type ModelChoice,
  type ModelMeasure,
  modelsPage,
  runLoadInWorker,
} from "../../../programs/bench/mod.ts";
import { buildService, type NamedService, type Server } from "../../../servers/mod.ts";
import { writeAtomically } from "../../../stores/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import type { BrokerManifest } from "../../command/broker.ts";
import type { Context } from "../../command/context.ts";
import { MEMBER_CAPABILITIES } from "../../sandbox/launcher_broker.ts";
import { unknownName } from "../../command/nearest.ts";
import { Progress } from "../../terminal/progress.ts";
import { type ServePlan, SERVER_MODELS, type ServerModel } from "../../serving/server_models.ts";
import { Table } from "../../terminal/table.ts";

const ENDPOINT = parseEndpoint("127.0.0.1:0");
/** The document that is fetched. */
const HTTP_OPTIONS = { sample: "1024" };

/** The command. */
export const command: Command = {
  name: "bench models",
  summary: "compare all server models under the same load",
  operands: "[MODEL…]",
  count: { min: 0 },
  choices: () => Object.keys(SERVER_MODELS),
  examples: ["bench models", "bench models prefork prethread --html models.html"],
  details:
    "Requests per second of each model: http with kept connections (1 KiB from memory), http with a\n" +
    "connection for each request, and echo (64 bytes). Servers and clients share this machine.",
  options: {
    connections: { value: "N", short: "c", help: "connections at once (default 8)" },
    duration: { value: "SECONDS", short: "d", help: "of each run (default 1)" },
    runs: { value: "N", help: "runs, of which the median counts (default 3)" },
    html: { value: "FILE", help: "write a page with charts too" },
  },
  capabilities(args) {
    const own = plansOf(args).map(({ plan, model }) => modelOf(model).own(plan));
    const html = args.value("html");
    const folder = html === undefined ? undefined : [html.replace(/[^/]*$/, "") || "."];
    return union(...own, folder === undefined ? {} : { read: folder, write: folder });
  },
  brokered(args) {
    const manifests: BrokerManifest[] = plansOf(args).flatMap(({ plan, model }) =>
      modelOf(model).brokered?.(plan) ?? []
    );
    // The load comes from a Worker, to whatever port the system gives.
    return {
      launcher: union(MEMBER_CAPABILITIES, ...manifests.map(({ launcher }) => launcher)),
      workers: union({ net: ["127.0.0.1"] }, ...manifests.map(({ workers }) => workers)),
      listen: unique(manifests.flatMap(({ listen }) => listen)),
      services: unique(manifests.flatMap(({ services }) => services)),
    };
  },
  async run(args, context) {
    const { signal, broker } = context;
    const choices = choicesOf(args);
    const runs = args.integer("runs", { min: 1, max: 99, fallback: 3 });
    const total = choices.length * MODEL_CASES.length * runs;
    using progress = new Progress(args, context, { label: "bench models", unit: "runs", total });
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
      connections: args.integer("connections", { min: 1, max: 10_000, fallback: 8 }),
      durationMs: args.milliseconds("duration", 1000),
      runs,
    });
    for await (const measure of measuring) {
      measures.push(measure);
      if (args.has("json")) await context.stdout.json(measure);
    }
    if (!args.has("json")) await tell(measures, context);
    const html = args.value("html");
    if (html !== undefined) {
      await writeAtomically(html, new TextEncoder().encode(await modelsPage(measures)));
    }
  },
};

function modelOf(name: string): ServerModel {
  const model = Object.hasOwn(SERVER_MODELS, name) ? SERVER_MODELS[name] : undefined;
  if (model === undefined) throw unknownName("model", name, Object.keys(SERVER_MODELS));
  return model;
}

/** The models that the user named, else all; pools with both ways to accept. */
function choicesOf(args: Arguments): ModelChoice[] {
  const named = args.operands.length > 0 ? args.operands : Object.keys(SERVER_MODELS);
  return named.flatMap((model): ModelChoice[] => {
    modelOf(model);
    const other = OTHER_ACCEPT[model];
    return other === undefined ? [{ model }] : [{ model }, { model, accept: other }];
  });
}

/** How the members of pools accept if they are told to do it in the way that is not their default. */
const OTHER_ACCEPT: Readonly<Record<string, ModelChoice["accept"]>> = {
  prefork: "own",
  prethread: "shared",
};

function plansOf(args: Arguments): { readonly model: string; readonly plan: ServePlan }[] {
  return choicesOf(args).flatMap(({ model, accept }) =>
    unique(MODEL_CASES.map(({ service }) => service)).map((service) => ({
      model,
      plan: { service, needs: {}, endpoint: ENDPOINT, accept },
    }))
  );
}

async function start(
  { model, accept }: ModelChoice,
  service: string,
  { network, broker, signal }: Context,
): Promise<Server> {
  const named: NamedService = { service, options: service === "http" ? HTTP_OPTIONS : {} };
  const starting = await modelOf(model).prepare({
    named,
    options: { network, broker, signal, endpoint: ENDPOINT, accept, quiet: true },
    build: buildService,
  });
  return await starting();
}

async function tell(measures: readonly ModelMeasure[], context: Context): Promise<void> {
  const names = MODEL_CASES.map(({ name }) => name.toUpperCase());
  const table = new Table(context.stdout, { headings: ["MODEL", ...names, "FAILED"] });
  for (const model of unique(measures.map((measure) => measure.model))) {
    const own = measures.filter((measure) => measure.model === model);
    const failed = own.flatMap(({ errors }) => Object.values(errors)).reduce((a, b) => a + b, 0);
    await table.row(model, ...own.map(({ perSecond }) => perSecond.toFixed(0)), failed);
  }
  await table.end();
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
