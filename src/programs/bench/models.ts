/**
 * All server models under the same load (15.4 of the book's list).
 *
 * @module
 */

import type { Server } from "../../servers/mod.ts";
import type { ExchangePlan } from "./exchange.ts";
import { type LoadCounts, type LoadPlan, type LoadResult, sumUp } from "./load.ts";

/** A kind of load that all models get. */
export interface ModelCase {
  /** Its name, for columns and charts. */
  readonly name: string;
  /** The service. */
  readonly service: "http" | "echo";
  /** The requests. */
  readonly exchange: ExchangePlan;
}

/** The loads: many requests on few connections, a connection for each request, and bare round trips. */
export const MODEL_CASES: readonly ModelCase[] = [
  { name: "http", service: "http", exchange: http(true) },
  { name: "http, new connections", service: "http", exchange: http(false) },
  { name: "echo", service: "echo", exchange: { kind: "echo", bytes: 64 } },
];

function http(keepAlive: boolean): ExchangePlan {
  return { kind: "http", host: "127.0.0.1", target: "/", keepAlive };
}

/** A model with the way its workers accept, where there are two. */
export interface ModelChoice {
  /** Its name. */
  readonly model: string;
  /** How its workers accept, if that is not its default. */
  readonly accept?: "shared" | "own" | undefined;
}

/** The results of one model under one load. */
export interface ModelMeasure extends LoadResult {
  /** The model, and how it accepts: `prefork, own sockets`. */
  readonly model: string;
  /** The load's name. */
  readonly load: string;
  /** Requests per second of each run; the result is that of the median. */
  readonly runs: readonly number[];
}

/** How it is measured. */
export interface ModelBench {
  /** Starts a model on a free port. */
  start(choice: ModelChoice, service: ModelCase["service"]): Promise<Server>;
  /** Makes a load; best in another thread. */
  load(plan: LoadPlan): Promise<LoadCounts>;
  /** The models. */
  readonly choices: readonly ModelChoice[];
  /** The loads. */
  readonly cases: readonly ModelCase[];
  /** Connections at once. */
  readonly connections: number;
  /** How long each run takes, in milliseconds. */
  readonly durationMs: number;
  /** How many runs. */
  readonly runs: number;
}

/** The longest wait for an answer, in milliseconds: `serial` answers most of its clients never. */
const TIMEOUT_MS = 60_000;

/**
 * Measures the models, one after the other.
 *
 * @param bench How.
 * @returns The measures as they come.
 */
export async function* measureModels(bench: ModelBench): AsyncGenerator<ModelMeasure> {
  for (const choice of bench.choices) {
    for (const load of bench.cases) yield await measure(bench, choice, load);
  }
}

async function measure(
  bench: ModelBench,
  choice: ModelChoice,
  { name, service, exchange }: ModelCase,
): Promise<ModelMeasure> {
  await using server = await bench.start(choice, service);
  const { connections, durationMs } = bench;
  const plan: LoadPlan = {
    endpoint: server.endpoint,
    exchange,
    connections,
    durationMs,
    // Workers that were started for these connections are not part of the measurement.
    warmUpMs: durationMs / 2,
    timeoutMs: TIMEOUT_MS,
  };
  const results: LoadResult[] = [];
  for (let run = 0; run < bench.runs; run++) {
    results.push(await sumUp([await bench.load(plan)]));
  }
  const runs = results.map(({ perSecond }) => perSecond);
  const median = results.toSorted((a, b) => a.perSecond - b.perSecond)[bench.runs >> 1]!;
  return { model: nameOf(choice), load: name, ...median, runs };
}

/** Names a choice, such as `prefork, own sockets`. */
export function nameOf({ model, accept }: ModelChoice): string {
  if (accept === undefined) return model;
  return `${model}, ${accept === "own" ? "own sockets" : "shared socket"}`;
}
