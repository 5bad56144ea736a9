/**
 * `netwright bench models`: all server models under the same load (15.4 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { parseEndpoint } from "../../../net/mod.ts";
import type { ModelCase, ModelChoice } from "../../../programs/bench/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import type { BrokerManifest } from "../../command/broker.ts";
import { WORKER_CAPABILITIES } from "../../sandbox/start_worker.ts";
import { unknownName } from "../../command/nearest.ts";
import { type ModelSetting, SERVER_MODELS, type ServerModel } from "../../serving/server_models.ts";

/** The services that are put under load. */
const SERVICES: readonly ModelCase["service"][] = ["http", "echo"];

export const ENDPOINT = parseEndpoint("127.0.0.1:0");

/** Which models are compared, and how. */
export interface BenchModelsPlan {
  /** The models, and how their workers accept. */
  readonly choices: readonly ModelChoice[];
  /** Runs, of which the median counts. */
  readonly runs: number;
  /** Connections at once. */
  readonly connections: number;
  /** Length of each run, in milliseconds. */
  readonly durationMs: number;
  /** A file that gets a page with charts. */
  readonly html: string | undefined;
}

/** The command. */
export const command: Command<BenchModelsPlan> = {
  name: "bench models",
  summary: "compare the server models under the same load",
  operands: "[MODEL…]",
  count: { min: 0 },
  choices: (_, before) => Object.keys(SERVER_MODELS).filter((model) => !before.includes(model)),
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
  plan: (args) => ({
    choices: choicesOf(args),
    runs: args.integer("runs", { min: 1, max: 99, fallback: 3 }),
    connections: args.integer("connections", { min: 1, max: 10_000, fallback: 8 }),
    durationMs: args.milliseconds("duration", 1000),
    html: args.value("html"),
  }),
  capabilities({ choices, html }) {
    const own = plansOf(choices).map(({ plan, model }) => modelOf(model).own(plan));
    const folder = html === undefined ? undefined : [html.replace(/[^/]*$/, "") || "."];
    return union(...own, folder === undefined ? {} : { read: folder, write: folder });
  },
  brokered({ choices }) {
    const manifests: BrokerManifest[] = plansOf(choices).flatMap(({ plan, model }) =>
      modelOf(model).brokered?.(plan) ?? []
    );
    // The load comes from a Worker, to whatever port the system gives.
    return {
      launcher: union(WORKER_CAPABILITIES, ...manifests.map(({ launcher }) => launcher)),
      workers: union({ net: ["127.0.0.1"] }, ...manifests.map(({ workers }) => workers)),
      listen: unique(manifests.flatMap(({ listen }) => listen)),
      services: unique(manifests.flatMap(({ services }) => services)),
    };
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

/** How the workers of a pool accept if the user asks for the method that is not the default. */
const OTHER_ACCEPT: Readonly<Record<string, ModelChoice["accept"]>> = {
  prefork: "own",
  prethread: "shared",
};

function plansOf(
  choices: readonly ModelChoice[],
): { readonly model: string; readonly plan: ModelSetting }[] {
  return choices.flatMap(({ model, accept }) =>
    SERVICES.map((service) => ({
      model,
      plan: { service, needs: {}, endpoint: ENDPOINT, accept },
    }))
  );
}

export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
